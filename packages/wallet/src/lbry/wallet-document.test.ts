import { readVectors } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { formatJson } from "../json/format-json.ts";
import { addAccount, createAccount, emptyWallet } from "./create-wallet.ts";
import { inspectWallet } from "./inspect-wallet.ts";
import { isStandardSeedPhrase } from "./keys/index.ts";
import { mergeWallets } from "./merge-wallets.ts";
import { setPreference } from "./preferences.ts";
import { formatWalletFile, formatWalletText, parseWallet } from "./wallet-document.ts";

const richFile =
  readVectors<{ name: string; wallet_file: string }>("wallet_hash").find(
    ({ name }) => name === "five accounts and preferences",
  )?.wallet_file ?? "";
const now = 1_700_000_000;

describe("unknown fields", () => {
  const text = `{"version": 1, "ours": {"a": 1.0}, "name": "n", "preferences": {}, "accounts": [{"ledger": "lbc_mainnet", "seed": "s", "mine": 7}]}`;

  it("[LBRY-14] a document keeps them, what is written for LBRY does not have them", () => {
    const wallet = parseWallet(text);
    expect(formatJson(wallet)).toBe(text);
    expect(formatWalletText(wallet)).not.toContain("ours");
    expect(formatWalletFile(wallet)).not.toContain("mine");
    const set = setPreference(wallet, "a", 1n, now);
    expect(formatJson(set)).toContain('"ours": {"a": 1.0}');
  });

  it("[LBRY-14] merging keeps the local ones and takes none", () => {
    const remote = parseWallet(text.replace('"ours"', '"theirs"'));
    const merged = formatJson(mergeWallets(parseWallet(text), remote, { now }));
    expect(merged).toContain('"ours": {"a": 1.0}');
    expect(merged).toContain('"mine": 7');
    expect(merged).not.toContain("theirs");
  });
});

describe("inspecting", () => {
  it("[LBRY-30] tells what is there and nothing secret", () => {
    const summary = inspectWallet(parseWallet(richFile));
    expect(summary.preferenceNames).toStrictEqual(["z", "a"]);
    expect(
      summary.accounts.map(({ kind, generator, channelCount }) => [kind, generator, channelCount]),
    ).toStrictEqual([
      ["seed", "deterministic-chain", 1],
      ["seed", "single-address", 0],
      ["private-key", "deterministic-chain", 0],
      ["watch-only", "deterministic-chain", 0],
      ["watch-only", "single-address", 2],
    ]);
    expect(summary.accounts[0]).toStrictEqual({
      id: "bNppDuaSf57d5424Bg8TSjhcd1tqhYjTcm",
      name: "Account hp14",
      ledger: "lbc_mainnet",
      kind: "seed",
      generator: "deterministic-chain",
      gaps: { receiving: 20, change: 6 },
      isEncrypted: false,
      channelCount: 1,
      modifiedOn: 1_650_000_000,
      isUnlockable: true,
    });
    expect(JSON.stringify(summary)).not.toMatch(/xprv|xpub|BEGIN|muffin/);
  });
});

describe("new wallets", () => {
  let drawn = 0;
  const randomBytes = (length: number) => Uint8Array.from({ length }, () => (drawn += 97) % 256);

  it("[LBRY-31] an empty wallet is one the SDK could have made", () => {
    expect(formatWalletText(emptyWallet())).toBe(
      '{"version": 1, "name": "My Wallet", "preferences": {}, "accounts": []}',
    );
  });

  it("[LBRY-31] a fresh account has a standard seed, all fields and an id, on every ledger", () => {
    for (const ledger of ["lbc_mainnet", "lbc_testnet", "lbc_regtest"] as const) {
      const account = createAccount({ ledger, now, randomBytes });
      const wallet = addAccount(emptyWallet(), account);
      const seed = account.get("seed");
      expect(typeof seed === "string" && isStandardSeedPhrase(seed)).toBe(true);
      const [summary] = inspectWallet(parseWallet(formatWalletFile(wallet))).accounts;
      expect(summary).toMatchObject({ ledger, kind: "seed", modifiedOn: now, isUnlockable: true });
      expect(summary?.name).toBe(`Account #${summary?.id}`);
    }
    expect(createAccount({ name: "Savings", now, randomBytes }).get("name")).toBe("Savings");
  });
});

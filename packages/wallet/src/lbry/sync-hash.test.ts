import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { readVectors, thrownCode } from "@holdfast/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatJson } from "../json/format-json.ts";
import { formatAccountForHash } from "./account.ts";
import { isEncryptOnDisk } from "./disk-preference.ts";
import { unlockWallet } from "./encrypt-wallet.ts";
import { openSdkWallet, saveSdkWallet, type SdkWallet, unlockSdkWallet } from "./sdk-wallet.ts";
import { hashAccount, hashLoadedWallet, hashPreferences, hashWallet } from "./sync-hash.ts";
import { hasLockedAccount, parseWallet } from "./wallet-document.ts";

interface HashCase {
  readonly name: string;
  readonly wallet_file: string;
  readonly encryption_password: string | null;
  readonly unlock_password: string | null;
  readonly now?: number;
  readonly unlocked?: boolean;
  readonly hash: string;
  readonly is_encrypted: boolean;
  readonly hash_input: {
    readonly password_prefix_hex: string;
    readonly preferences_json: string;
    readonly preferences_hash: string;
    readonly accounts_in_order: readonly {
      readonly id: string;
      readonly account_json: string;
      readonly certificate_ids_sorted: readonly string[];
      readonly hash: string;
    }[];
  };
  readonly hash_after_save_and_reload: string;
  readonly reload_changes_hash: boolean;
  readonly error?: unknown;
}

const cases = readVectors<HashCase>("wallet_hash");
const good = cases.filter((one) => one.error === undefined);
const refused = cases.filter((one) => one.error !== undefined);
/** The clock the vectors were made at where a case names none. */
const defaultNow = 1_700_000_000;

/** The wallet in the state the vector describes. */
function prepare(one: HashCase): SdkWallet {
  const loaded = openSdkWallet(one.wallet_file, one.now ?? defaultNow);
  if (one.unlock_password !== null) return unlockSdkWallet(loaded, one.unlock_password);
  return { ...loaded, password: one.encryption_password ?? undefined };
}

function saveAndReload(wallet: SdkWallet): SdkWallet {
  const drawInitVector = () => new Uint8Array(16);
  const { file } = saveSdkWallet(wallet, { now: defaultNow, drawInitVector });
  const reloaded = openSdkWallet(file, defaultNow);
  return hasLockedAccount(reloaded)
    ? unlockSdkWallet(reloaded, wallet.password ?? "")
    : { ...reloaded, password: wallet.password };
}

function hexHash(wallet: SdkWallet): string {
  return bytesToHex(hashLoadedWallet(wallet, wallet.password));
}

describe("vectors", () => {
  it("has every case of wallet_hash", () => {
    expect([good.length, refused.length]).toStrictEqual([42, 2]);
  });

  it.each(good)("[LBRY-17] the hash is the SDK's: $name", (one) => {
    expect(hexHash(prepare(one))).toBe(one.hash);
  });

  it.each(good)("[LBRY-17] a document hashes like the loaded wallet: $name", (one) => {
    const password = one.unlock_password ?? one.encryption_password;
    const options = { now: one.now ?? defaultNow, ...(password === null ? {} : { password }) };
    expect(hashWallet(unlockWallet(parseWallet(one.wallet_file), password ?? ""), options)).toBe(
      one.hash,
    );
  });

  it.each(good)("[LBRY-17] every ingredient of the hash is the SDK's: $name", (one) => {
    const wallet = prepare(one);
    const isEncrypted = isEncryptOnDisk(wallet.preferences) && wallet.password !== undefined;
    expect(isEncrypted).toBe(one.is_encrypted);
    const accounts = wallet.accounts.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect({
      password_prefix_hex: isEncrypted ? bytesToHex(utf8ToBytes(wallet.password ?? "")) : "",
      preferences_json: formatJson(wallet.preferences),
      preferences_hash: bytesToHex(hashPreferences(wallet.preferences)),
      accounts_in_order: accounts.map((account) => ({
        id: account.id,
        account_json: formatJson(formatAccountForHash(account)),
        certificate_ids_sorted: [...account.certificates.keys()].sort(),
        hash: bytesToHex(hashAccount(account)),
      })),
    }).toStrictEqual(one.hash_input);
  });

  it.each(good)(
    "[LBRY-18] saving and loading again gives the hash the SDK has then: $name",
    (one) => {
      const reloaded = hexHash(saveAndReload(prepare(one)));
      expect(reloaded).toBe(one.hash_after_save_and_reload);
      expect(reloaded !== one.hash).toBe(one.reload_changes_hash);
    },
  );

  it.each(refused)("[LBRY-17] there is no hash: $name", (one) => {
    const password = one.encryption_password === null ? {} : { password: one.encryption_password };
    expect(thrownCode(() => hashWallet(parseWallet(one.wallet_file), password))).toBe(
      "wallet-locked",
    );
  });
});

describe("the order of accounts and certificates", () => {
  const file = cases.find((one) => one.name === "five accounts and preferences")?.wallet_file ?? "";

  it("[LBRY-17] the hash does not depend on the order of accounts", () => {
    const wallet = parseWallet(file);
    const accounts = wallet.get("accounts");
    if (!Array.isArray(accounts)) throw new Error("the vector has accounts");
    fc.assert(
      fc.property(fc.shuffledSubarray(accounts, { minLength: accounts.length }), (shuffled) => {
        expect(hashWallet(new Map(wallet).set("accounts", shuffled))).toBe(hashWallet(wallet));
      }),
      { numRuns: 20 },
    );
  });
});

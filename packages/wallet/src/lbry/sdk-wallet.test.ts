import { readVectors, thrownCode } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { formatJson } from "../json/format-json.ts";
import type { JsonObject } from "../json/value.ts";
import { decodeBase64 } from "./base64.ts";
import { isEncryptOnDisk } from "./disk-preference.ts";
import { decryptWallet, encryptWallet, listUnlockRisks, unlockWallet } from "./encrypt-wallet.ts";
import { inspectWallet } from "./inspect-wallet.ts";
import { setPreference } from "./preferences.ts";
import { sameContent } from "./same-content.ts";
import {
  decryptSdkWallet,
  encryptSdkWallet,
  lockSdkWallet,
  openSdkWallet,
  type SavedWallet,
  saveSdkWallet,
  type SdkWallet,
  unlockSdkWallet,
} from "./sdk-wallet.ts";
import { formatWalletFile, hasLockedAccount, isLocked, parseWallet } from "./wallet-document.ts";

type Step =
  | "save"
  | "reload"
  | "lock"
  | "decrypt"
  | readonly ["encrypt" | "unlock", string]
  | readonly ["rename", number, string];

interface FileCase {
  readonly name: string;
  readonly now: number;
  readonly wallet_file: string;
  readonly steps: readonly {
    readonly step: Step;
    readonly result?: boolean | null;
    readonly error?: { readonly message: string };
    readonly is_locked: boolean;
    readonly is_encrypted: boolean;
    readonly encryption_password: string | null;
    readonly file: string;
  }[];
}

const cases = readVectors<FileCase>("account_dict", "wallet_file");
const allSteps = cases.flatMap((one) => one.steps);

/** The init vectors the SDK drew, in its order: they begin the ciphertexts of the first encrypted file. */
function drawnInitVectors(one: FileCase): Uint8Array[] {
  const encrypted = one.steps.find(({ step }) => step[0] === "encrypt" && step[1] !== "");
  const ciphertexts =
    encrypted?.file.matchAll(/"(?:private_key|seed)": "([A-Za-z0-9+/=]+)"/g) ?? [];
  return Array.from(ciphertexts, ([, text = ""]) => decodeBase64(text).slice(0, 16));
}

/** A wallet and its file, changed step by step as a daemon would. */
class Daemon {
  readonly #now: number;
  readonly #initVectors: Uint8Array[];
  wallet: SdkWallet;
  file: string;

  constructor(one: FileCase) {
    this.#now = one.now;
    this.#initVectors = drawnInitVectors(one);
    this.file = one.wallet_file;
    this.wallet = openSdkWallet(this.file, this.#now);
  }

  do(step: Step): void {
    const drawInitVector = () => this.#initVectors.shift() ?? new Uint8Array();
    const options = { now: this.#now, drawInitVector };
    if (step === "save") this.#keep(saveSdkWallet(this.wallet, options));
    else if (step === "reload") this.wallet = openSdkWallet(this.file, this.#now);
    else if (step === "lock") this.wallet = lockSdkWallet(this.wallet, drawInitVector);
    else if (step === "decrypt") this.#keep(decryptSdkWallet(this.wallet, options));
    else if (step[0] === "encrypt") this.#keep(encryptSdkWallet(this.wallet, step[1], options));
    else if (step[0] === "unlock") this.wallet = unlockSdkWallet(this.wallet, step[1]);
    else if (step[0] === "rename") this.#rename(step[1], step[2]);
  }

  #keep({ wallet, file }: SavedWallet): void {
    this.wallet = wallet;
    this.file = file;
  }

  #rename(index: number, name: string): void {
    const accounts = this.wallet.accounts.map((account, at) =>
      at === index ? { ...account, name } : account,
    );
    this.wallet = { ...this.wallet, accounts };
  }
}

const codes = new Map([
  ["Cannot lock an unencrypted wallet, encrypt first.", "invalid-password"],
  ["Cannot encrypt with blank password.", "invalid-password"],
  ["Cannot decrypt a locked wallet, unlock first.", "wallet-locked"],
  ["Cannot re-encrypt a locked wallet, unlock first.", "wallet-locked"],
]);

describe("vectors", () => {
  it("has every case of a wallet's file, step by step", () => {
    expect([cases.length, allSteps.length]).toStrictEqual([7, 32]);
  });

  it.each(cases)("[LBRY-26] the file is the SDK's after every step: $name", (one) => {
    const daemon = new Daemon(one);
    for (const { step, result, error, ...after } of one.steps) {
      const outcome = thrownCode(() => daemon.do(step));
      const expected = result === false ? "invalid-password" : codes.get(error?.message ?? "");
      expect([step, outcome]).toStrictEqual([step, expected ?? "no error"]);
      const isLocked = hasLockedAccount(daemon.wallet);
      const isSwitchedOn = isEncryptOnDisk(daemon.wallet.preferences);
      expect({
        is_locked: isLocked,
        is_encrypted: isLocked || (isSwitchedOn && daemon.wallet.password !== undefined),
        encryption_password: daemon.wallet.password ?? null,
        file: daemon.file,
      }).toStrictEqual(after);
    }
  });
});

describe("documents", () => {
  const clear =
    cases.find((one) => one.name === "encrypt, lock, unlock, decrypt")?.wallet_file ?? "";
  const now = 1_700_000_000;
  const ivs = () => new Uint8Array(16).fill(3);

  it("[LBRY-16] the file's text has sorted keys, four spaces and no final newline", () => {
    const saved = cases.find((one) => one.name === "save");
    expect(formatWalletFile(parseWallet(saved?.wallet_file ?? ""))).toBe(saved?.steps[0]?.file);
  });

  it("[LBRY-26] an encrypted document shows no seed and no private key and comes back with its password", () => {
    const wallet = parseWallet(clear);
    const encrypted = encryptWallet(wallet, "disk", { now, ivs });
    const file = formatWalletFile(encrypted);
    expect(isLocked(encrypted)).toBe(true);
    expect(file).not.toMatch(/xprv|artwork/);
    expect(inspectWallet(encrypted).isEncrypted).toBe(true);
    const opened = unlockWallet(parseWallet(file), "disk");
    expect(formatWalletFile(decryptWallet(parseWallet(file), "disk", now + 1))).toBe(
      formatWalletFile(setPreference(wallet, "encrypt-on-disk", false, now + 1)),
    );
    expect(sameContent(opened, setPreference(wallet, "encrypt-on-disk", true, now))).toBe(true);
    expect(decryptWallet(wallet, "any", now)).toBe(wallet);
  });

  it("[LBRY-15] unlocking fills in nothing: an account without a date still gets the clock's when it is hashed", () => {
    const undated = parseWallet(clear.replaceAll(/"modified_on": [0-9]+, /g, ""));
    const encrypted = parseWallet(
      formatWalletFile(encryptWallet(parseWallet(clear), "disk", { now, ivs })),
    );
    const accounts = (encrypted.get("accounts") as readonly JsonObject[]).map(
      (account) => new Map([...account].filter(([key]) => key !== "modified_on")),
    );
    const unlocked = unlockWallet(new Map(encrypted).set("accounts", accounts), "disk");
    const same = setPreference(undated, "encrypt-on-disk", true, now);
    expect(sameContent(unlocked, same)).toBe(true);
    expect(formatWalletFile(unlocked, { now: 7 })).toBe(formatWalletFile(same, { now: 7 }));
    expect(formatWalletFile(unlocked, { now: 7 })).toContain('"modified_on": 7,');
  });

  it("[LBRY-26] a wrong password, a locked wallet and an empty password are refused and change nothing", () => {
    const wallet = parseWallet(clear);
    const encrypted = encryptWallet(wallet, "disk", { now, ivs });
    const before = formatJson(encrypted);
    expect(thrownCode(() => unlockWallet(encrypted, "wrong"))).toBe("invalid-password");
    expect(thrownCode(() => encryptWallet(encrypted, "disk", { now, ivs }))).toBe("wallet-locked");
    expect(thrownCode(() => encryptWallet(wallet, "", { now, ivs }))).toBe("invalid-password");
    expect(formatJson(encrypted)).toBe(before);
  });

  it("[LBRY-27] a seed LBRY could not unlock again is named, and encrypting it is refused", () => {
    const trap = readVectors<{ name: string; input_json: string }>("account_dict", "encrypt").find(
      ({ name }) => name === "encrypt seed outside the word list",
    );
    const wallet = parseWallet(`{"accounts": [${trap?.input_json}]}`);
    expect(listUnlockRisks(wallet).map(({ name }) => name)).toStrictEqual(["Account a10"]);
    expect(inspectWallet(wallet).accounts[0]?.isUnlockable).toBe(false);
    expect(thrownCode(() => encryptWallet(wallet, "disk", { now, ivs }))).toBe("not-unlockable");
    expect(listUnlockRisks(parseWallet(clear))).toStrictEqual([]);
  });
});

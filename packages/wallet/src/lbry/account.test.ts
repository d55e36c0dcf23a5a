import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { readVectors, thrownCode } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { formatJson } from "../json/format-json.ts";
import { parseJson } from "../json/parse-json.ts";
import {
  type Account,
  accountKind,
  formatAccount,
  formatAccountForHash,
  loadAccount,
} from "./account.ts";
import { decryptAccount, encryptAccount, isUnlockableAccount } from "./account-encryption.ts";
import { hashAccount } from "./sync-hash.ts";

interface RoundTripCase {
  readonly name: string;
  readonly now: number;
  readonly input_json: string;
  readonly id: string;
  readonly output_json: string;
  readonly without_certificates_json: string;
  readonly hash: string | null;
  readonly has_private_key: boolean;
  readonly is_encrypted: boolean;
  readonly generator: string;
  readonly error?: { readonly class: string };
}

interface EncryptCase {
  readonly name: string;
  readonly input_json: string;
  readonly password: string;
  readonly init_vectors: { readonly private_key?: string; readonly seed?: string };
  readonly to_dict_encrypted_json: string;
  readonly to_dict_again_json: string;
  readonly plain_after_json: string;
  readonly loaded_locked_json: string;
  readonly wrong_passwords?: readonly {
    readonly password: string;
    readonly decrypt_result: boolean;
  }[];
  readonly decrypt_result?: boolean;
  readonly decrypted_json?: string;
  readonly init_vectors_recovered?: { readonly private_key?: string; readonly seed?: string };
  readonly re_encrypted_json?: string;
  readonly not_encrypted?: boolean;
}

const roundTrips = readVectors<RoundTripCase>("account_dict", "round_trip");
const good = roundTrips.filter((one) => one.error === undefined);
const refused = roundTrips.filter((one) => one.error !== undefined);
const encryptions = readVectors<EncryptCase>("account_dict", "encrypt");
const encrypted = encryptions.filter((one) => one.not_encrypted !== true);

const load = (text: string, now = 0) => loadAccount(parseJson(text), now);
const format = (account: Account) => formatJson(formatAccount(account));
const decrypts = (account: Account, password: string) =>
  thrownCode(() => decryptAccount(account, password, "sdk")) === "no error";

describe("accounts of a wallet file", () => {
  it("has every case of account_dict of these kinds", () => {
    expect([good.length, refused.length]).toStrictEqual([21, 5]);
    expect([encrypted.length, encryptions.length]).toStrictEqual([6, 7]);
    expect(readVectors("account_dict")).toHaveLength(26 + 7 + 6 + 12 + 7);
  });

  it.each(good)("[LBRY-15] an account is loaded and written back as by the SDK: $name", (one) => {
    const account = load(one.input_json, one.now);
    expect(account.id).toBe(one.id);
    expect(format(account)).toBe(one.output_json);
    expect(formatJson(formatAccountForHash(account))).toBe(one.without_certificates_json);
    expect(account.isEncrypted).toBe(one.is_encrypted);
    expect(account.generator.type).toBe(one.generator);
    const holdsKey = accountKind(account) !== "watch-only" && !account.isEncrypted;
    expect(holdsKey).toBe(one.has_private_key);
    expect(account.isEncrypted ? null : bytesToHex(hashAccount(account))).toBe(one.hash);
  });

  it.each(refused)("[LBRY-15] an account is refused: $name", (one) => {
    const expected = one.error?.class === "KeyError" ? "malformed-wallet" : "malformed-key";
    expect(thrownCode(() => load(one.input_json, one.now))).toBe(expected);
  });
});

describe("encrypting accounts", () => {
  it.each(encrypted)(
    "[LBRY-25] an account is encrypted byte for byte as by the SDK: $name",
    (one) => {
      const { private_key: first = "", seed: second = "" } = one.init_vectors;
      const stream = [first, second].filter((hex) => hex !== "").map(hexToBytes);
      const drawInitVector = () => stream.shift() ?? new Uint8Array();
      const clear = load(one.input_json);
      const locked = encryptAccount(clear, one.password, drawInitVector);
      expect(format(locked)).toBe(one.to_dict_encrypted_json);
      expect(stream).toHaveLength(0);
      const again = encryptAccount(
        { ...clear, initVectors: locked.initVectors },
        one.password,
        drawInitVector,
      );
      expect(format(again)).toBe(one.to_dict_again_json);
      expect(format(clear)).toBe(one.plain_after_json);
      expect(format(load(one.to_dict_encrypted_json))).toBe(one.loaded_locked_json);
      expect(encryptAccount(locked, one.password, drawInitVector)).toBe(locked);
    },
  );

  it.each(encrypted)("[LBRY-25] an account is decrypted, or not, as by the SDK: $name", (one) => {
    const locked = load(one.to_dict_encrypted_json);
    for (const wrong of one.wrong_passwords ?? []) {
      expect(decrypts(locked, wrong.password)).toBe(wrong.decrypt_result);
    }
    expect(decrypts(locked, one.password)).toBe(one.decrypt_result);
  });

  it.each(encrypted.filter((one) => one.decrypted_json !== undefined))(
    "[LBRY-25] what is decrypted is what was encrypted, with its init vectors: $name",
    (one) => {
      const unlocked = decryptAccount(load(one.to_dict_encrypted_json), one.password, "sdk");
      expect(format(unlocked)).toBe(one.decrypted_json);
      const { privateKey, seed } = unlocked.initVectors;
      expect({
        ...(privateKey === undefined ? {} : { private_key: bytesToHex(privateKey) }),
        ...(seed === undefined ? {} : { seed: bytesToHex(seed) }),
      }).toStrictEqual(one.init_vectors_recovered);
      const again = encryptAccount(unlocked, one.password, () => new Uint8Array());
      expect(format(again)).toBe(one.re_encrypted_json);
    },
  );

  it("[LBRY-27] what the SDK could not unlock is known beforehand, and the private key still opens it here", () => {
    const trap = encrypted.find((one) => one.decrypt_result === false);
    const clear = load(trap?.input_json ?? "");
    expect(isUnlockableAccount(clear)).toBe(false);
    const locked = load(trap?.to_dict_encrypted_json ?? "");
    const opened = decryptAccount(locked, trap?.password ?? "", "proven-key");
    expect(format(opened)).toBe(trap?.plain_after_json);
    expect(thrownCode(() => decryptAccount(locked, "wrong", "proven-key"))).toBe(
      "invalid-password",
    );
    const others = encrypted.filter((one) => one !== trap);
    expect(others.every((one) => isUnlockableAccount(load(one.input_json)))).toBe(true);
  });
});

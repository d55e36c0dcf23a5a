import { createHash } from "node:crypto";
import { bytesToHex } from "@noble/hashes/utils.js";
import { readVectors } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { nativeScrypt } from "../adapters/node/native-scrypt.ts";
import type { Scrypt } from "../ports/scrypt.ts";
import { Secret } from "../secret.ts";
import { createSaltSeed, deriveSalt, deriveSecrets, newerKeys, olderKeys } from "./derive.ts";
import { encodeEmailQuery } from "./email-query.ts";
import { isWalletHmac, walletHmac } from "./wallet-hmac.ts";

type Derivation = {
  readonly name: string;
  readonly root_password: string;
  readonly email: string;
  readonly salt_seed: string;
  readonly salt_text: string;
  readonly scrypt_96_hex: string;
  readonly new: Readonly<Record<"lbry_id_password" | "hmac_key_hex" | "wallet_password", string>>;
  readonly old: Readonly<Record<"lbry_id_password" | "hmac_key_hex" | "wallet_password", string>>;
};

describe("deriving the keys of protocol 3", () => {
  it.each(readVectors<Derivation>("legacy_sync", "derive"))(
    "[P3C-2] vector derive: $name",
    async (vector) => {
      let scryptOutput = "";
      const scrypt: Scrypt = async (...input) => {
        const bytes = await nativeScrypt(...input);
        scryptOutput = bytesToHex(bytes);
        return bytes;
      };
      const secrets = await deriveSecrets(
        {
          password: new Secret(vector.root_password),
          email: vector.email,
          saltSeed: vector.salt_seed,
        },
        scrypt,
      );
      expect(deriveSalt(vector.email, vector.salt_seed)).toBe(vector.salt_text);
      expect(scryptOutput).toBe(vector.scrypt_96_hex);
      expect(secrets.loginPassword.reveal()).toBe(vector.new.lbry_id_password);
      expect(secrets.loginPassword.reveal()).toBe(vector.old.lbry_id_password);
      expect(newerKeys(secrets).hmacKey.reveal()).toBe(vector.new.hmac_key_hex);
      expect(newerKeys(secrets).walletPassword.reveal()).toBe(vector.new.wallet_password);
      expect(olderKeys(secrets).hmacKey.reveal()).toBe(vector.old.hmac_key_hex);
      expect(olderKeys(secrets).walletPassword.reveal()).toBe(vector.old.wallet_password);
    },
  );

  it.each(
    readVectors<
      Readonly<Record<"name" | "email" | "salt_seed" | "salt_text" | "salt_bytes_hex", string>>
    >("legacy_sync", "salt"),
  )("[P3C-1] vector salt: $name", (vector) => {
    const salt = deriveSalt(vector.email, vector.salt_seed);
    expect(salt).toBe(vector.salt_text);
    expect(Buffer.from(salt, "ascii").toString("hex")).toBe(vector.salt_bytes_hex);
  });

  it.each(
    readVectors<Readonly<Record<"name" | "email" | "query_value", string>>>(
      "legacy_sync",
      "email_query",
    ),
  )("[P3C-7] vector email_query: $name", (vector) => {
    expect(encodeEmailQuery(vector.email)).toBe(vector.query_value);
  });

  it("[P3C-5] a salt seed is 32 random bytes as 64 hex digits", () => {
    const bytes = createHash("sha256").update("any").digest();
    expect(createSaltSeed((length) => bytes.subarray(0, length))).toBe(bytes.toString("hex"));
  });
});

describe("the HMAC of a stored wallet", () => {
  type HmacVector = Readonly<
    Record<"name" | "key_hex" | "sequence" | "encrypted_wallet" | "hmac", string>
  >;

  it.each(readVectors<HmacVector>("legacy_sync", "hmac"))(
    "[P3C-6] vector hmac: $name",
    (vector) => {
      const key = new Secret(vector.key_hex);
      expect(walletHmac(key, BigInt(vector.sequence), vector.encrypted_wallet)).toBe(vector.hmac);
    },
  );

  it.each([
    ["another digit", (hmac: string) => `${hmac.slice(0, -1)}${hmac.endsWith("0") ? "1" : "0"}`],
    ["a longer text that begins with it", (hmac: string) => `${hmac}00`],
    ["a beginning of it", (hmac: string) => hmac.slice(0, 63)],
    ["nothing", () => ""],
    ["upper case", (hmac: string) => hmac.toUpperCase()],
  ])("[P3C-6] %s is not taken for the HMAC", (_, change) => {
    const key = new Secret("6b".repeat(32));
    const right = walletHmac(key, 3, "data");
    const revision = { sequence: 3, encryptedWallet: "data", hmac: right };
    expect(isWalletHmac(key, revision)).toBe(true);
    expect(isWalletHmac(key, { ...revision, hmac: change(right) })).toBe(false);
    expect(isWalletHmac(key, { ...revision, sequence: 4 })).toBe(false);
  });
});

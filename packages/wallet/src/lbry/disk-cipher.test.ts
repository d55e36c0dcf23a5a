import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { readVectors, thrownCode } from "@holdfast/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decryptField, deriveDiskKey, encryptField } from "./disk-cipher.ts";

interface EncryptCase {
  readonly name: string;
  readonly password: string;
  readonly value: string;
  readonly iv_hex: string;
  readonly key_hex: string;
  readonly encrypted: string;
}

interface DecryptCase {
  readonly name: string;
  readonly password: string;
  readonly data: string;
  readonly value: string;
  readonly iv_hex: string;
  readonly error?: { readonly class: string };
}

const encryptions = readVectors<EncryptCase>("account_dict", "aes");
const decryptions = readVectors<DecryptCase>("account_dict", "aes_decrypt");
const good = decryptions.filter((one) => one.error === undefined);
const refused = decryptions.filter((one) => one.error !== undefined);

describe("vectors", () => {
  it("has every case of the cipher alone", () => {
    expect([encryptions.length, good.length, refused.length]).toStrictEqual([6, 2, 10]);
  });

  it.each(encryptions)(
    "[LBRY-24] a field is encrypted byte for byte as by the SDK: $name",
    (one) => {
      expect(bytesToHex(deriveDiskKey(one.password))).toBe(one.key_hex);
      const encrypted = encryptField(one.value, one.password, hexToBytes(one.iv_hex));
      expect(encrypted).toBe(one.encrypted);
      const { text, initVector } = decryptField(encrypted, one.password);
      expect([text, bytesToHex(initVector)]).toStrictEqual([one.value, one.iv_hex]);
    },
  );

  it.each(good)("[LBRY-24] a field is decrypted: $name", (one) => {
    const { text, initVector } = decryptField(one.data, one.password);
    expect([text, bytesToHex(initVector)]).toStrictEqual([one.value, one.iv_hex]);
  });

  it.each(refused)("[LBRY-24] a field is refused: $name", (one) => {
    const expected =
      one.error?.class === "InvalidPasswordError" ? "invalid-password" : "malformed-blob";
    expect(thrownCode(() => decryptField(one.data, one.password))).toBe(expected);
  });
});

describe("round trips", () => {
  const text = fc.string({ unit: "grapheme" });

  it("[LBRY-24] any text and any password come back", () => {
    fc.assert(
      fc.property(
        text,
        text,
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (value, password, iv) => {
          expect(decryptField(encryptField(value, password, iv), password)).toStrictEqual({
            text: value,
            initVector: iv,
          });
        },
      ),
    );
  });

  it("[LBRY-24] any damage gives other text or a typed error", () => {
    const encrypted = encryptField("some secret words", "password", new Uint8Array(16));
    fc.assert(
      fc.property(
        fc.nat(encrypted.length),
        fc.string({ unit: "binary", maxLength: 4 }),
        (at, junk) => {
          const damaged = encrypted.slice(0, at) + junk + encrypted.slice(at + 1);
          expect(["no error", "invalid-password", "malformed-blob"]).toContain(
            thrownCode(() => decryptField(damaged, "password")),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

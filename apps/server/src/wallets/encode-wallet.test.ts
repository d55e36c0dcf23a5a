import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeWallet } from "./encode-wallet.ts";

/** ASCII whose JSON is itself between quotes. */
const plainText = fc
  .string({ unit: "binary-ascii", minLength: 1, maxLength: 100 })
  .filter((text) => !JSON.stringify(text).includes("\\"));

test("[STORE-12] a wallet that came without escapes has the very bytes of any other way to encode it", () => {
  const wallet = fc.record({
    encryptedWallet: plainText,
    sequence: fc.integer({ min: 1, max: 0xffff_ffff }),
    hmac: plainText,
  });
  fc.assert(
    fc.property(wallet, (given) => {
      expect(encodeWallet({ ...given, isPlain: true })).toEqual(encodeWallet(given));
    }),
  );
});

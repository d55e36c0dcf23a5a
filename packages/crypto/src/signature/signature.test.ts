import { createPublicKey, verify } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import { encodeCanonical } from "../canonical/canonical-json.ts";
import type { PublicKey } from "../identifiers.ts";
import { Secret } from "../secret/secret.ts";
import { codeOf, codesOf } from "../testing/error-code.ts";
import { textMutations } from "../testing/mutations.ts";
import { inDomain, type SignatureType } from "./domain.ts";
import { parsePublicKey } from "./public-key.ts";
import { publicKeyOf, signText } from "./signing-key.ts";
import { verifySignature } from "./verify-signature.ts";

const types = [
  "state",
  "state-successor",
  "certificate",
  "header",
  "request",
  "login",
] as const satisfies readonly SignatureType[];
const seed = new Secret("authority-seed", new Uint8Array(32).fill(5));
const key = publicKeyOf(seed);
const body = encodeCanonical({ v: 4, text: "Grüße" });
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const { Point } = ed25519;
/** A point of order 8, and with it all points of small order. */
const torsion = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
const smallOrder = Array.from({ length: 8 }, (_, times) =>
  times === 0 ? Point.ZERO : torsion.multiplyUnsafe(BigInt(times)),
);

describe("signatures", () => {
  it("[P4C-6] Node verifies a signature over the label, a zero byte and the canonical bytes", () => {
    const jwk = { kty: "OKP", crv: "Ed25519", x: key };
    const nodeKey = createPublicKey({ key: jwk, format: "jwk" });
    for (const type of types) {
      const message = Buffer.from(`holdfast/4/${type}\0${body}`, "utf8");
      const signature = Buffer.from(signText(type, body, seed), "base64url");
      expect(verify(null, message, nodeKey, signature)).toBe(true);
    }
  });

  it("[P4C-6] a signature holds for the type that it was made for and no other", () => {
    for (const made of types) {
      const signature = signText(made, body, seed);
      const holdsFor = types.filter((type) => verifySignature(type, body, signature, key));
      expect(holdsFor).toEqual([made]);
    }
    expect(inDomain("state", new Uint8Array(0))).not.toEqual(
      inDomain("state-successor", new Uint8Array(0)),
    );
  });

  it("[P4C-7] a changed text, signature or key does not verify", () => {
    const signature = signText("state", body, seed);
    expect(verifySignature("state", body, signature, key)).toBe(true);
    expect(textMutations(signature).some((one) => verifySignature("state", body, one, key))).toBe(
      false,
    );
    expect(textMutations(body).some((one) => verifySignature("state", one, signature, key))).toBe(
      false,
    );
    const other = publicKeyOf(new Secret("writer-seed", new Uint8Array(32).fill(6)));
    expect(verifySignature("state", body, signature, other)).toBe(false);
  });

  it("[P4C-7] no second signature can be made of a first: S plus the group order is refused", () => {
    const bytes = parseBase64url(signText("state", body, seed));
    const scalar = littleEndian(bytes.subarray(32)) + order;
    const malleated = bytes.slice();
    for (let at = 0; at < 32; at += 1)
      malleated[32 + at] = Number((scalar >> BigInt(8 * at)) & 255n);
    expect(verifySignature("state", body, encodeBase64url(malleated), key)).toBe(false);
  });

  it("[P4C-7] keys of small and of mixed order, and other spellings of a point, are no keys", () => {
    const mixed = smallOrder
      .slice(1)
      .map((point) => point.add(Point.fromBytes(parseBase64url(key))));
    const badPoints = [...smallOrder, ...mixed].map((point) => encodeBase64url(point.toBytes()));
    expect(new Set(badPoints).size).toBe(15);
    expect(codesOf(badPoints, parsePublicKey)).toEqual(["malformed"]);
    // y = 1 + p and y = 0 with a sign: spellings that RFC 8032 does not allow.
    const spellings = [
      `ee${"ff".repeat(30)}7f`,
      `01${"00".repeat(30)}80`,
      `ed${"ff".repeat(30)}7f`,
      "ff".repeat(32),
    ].map((hex) => Buffer.from(hex, "hex").toString("base64url"));
    expect(codesOf(spellings, parsePublicKey)).toEqual(["malformed"]);
    expect(codeOf(() => parsePublicKey(key))).toBe("none");
  });

  it("[P4C-7] a signature that holds for every text under a small-order key is refused by the verification too", () => {
    // With A of small order, R = A·(-k) and S = 0 fit whenever k is a multiple of A's order.
    for (const point of smallOrder) {
      const smallKey = encodeBase64url(point.toBytes()) as PublicKey;
      const zero = new Uint8Array(32);
      for (const r of smallOrder) {
        const signature = encodeBase64url(Uint8Array.from([...r.toBytes(), ...zero]));
        expect(verifySignature("state", body, signature, smallKey)).toBe(false);
      }
    }
  });

  it("[P4C-6] [P4C-7] any text signed by any key verifies under that key", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.string({ unit: "grapheme" }),
        fc.constantFrom(...types),
        (bytes, text, type) => {
          const anySeed = new Secret("authority-seed", bytes);
          const publicKey = parsePublicKey(publicKeyOf(anySeed));
          const anyBody = encodeCanonical(text);
          expect(verifySignature(type, anyBody, signText(type, anyBody, anySeed), publicKey)).toBe(
            true,
          );
        },
      ),
      { numRuns: 10 },
    );
  });
});

function littleEndian(bytes: Uint8Array): bigint {
  return [...bytes].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

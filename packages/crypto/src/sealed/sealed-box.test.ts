import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf, codesOf } from "../testing/error-code.ts";
import { byteMutations } from "../testing/mutations.ts";
import { seededBytes } from "../testing/seeded-bytes.ts";
import { openBox, sealBox } from "./sealed-box.ts";

const random = seededBytes("sealed box");
const key = random(32);
const context = { v: 4, epoch: 2, identity: "abc" };
const box = { type: "slot", key, context } as const;
const plaintext = random(40);
const sealed = sealBox(box, plaintext, random);

describe("sealed boxes", () => {
  it("[P4C-8] what is sealed opens with the same key, type and context", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
        expect(openBox(box, sealBox(box, content, random))).toEqual(content);
      }),
      { numRuns: 30 },
    );
  });

  it("[P4C-8] a box is nonce, ciphertext and tag, with a nonce of its own", () => {
    const again = sealBox(box, plaintext, random);
    expect(sealed).toHaveLength(24 + 40 + 16);
    expect(again.subarray(0, 24)).not.toEqual(sealed.subarray(0, 24));
    expect(again.subarray(24)).not.toEqual(sealed.subarray(24));
  });

  it("[P4C-9] every changed byte, and every other length, gives the one opaque error", () => {
    expect(codesOf(byteMutations(sealed), (one) => openBox(box, one))).toEqual(["cannot-open"]);
  });

  it("[P4C-8] [P4C-9] another key, type or context gives the same opaque error, text and all", () => {
    const others = [
      { ...box, key: random(32) },
      { ...box, type: "keyring" } as const,
      { ...box, context: { ...context, epoch: 3 } },
      { ...box, context: { ...context, identity: "abd" } },
      { ...box, context: { v: 4, epoch: 2, nonce: "abc" } },
      { ...box, context: { v: 4, epoch: 2 } },
      { ...box, context: {} },
    ];
    const errors = others.map((other) => {
      try {
        return openBox(other, sealed);
      } catch (error) {
        return error;
      }
    });
    expect(codesOf(others, (other) => openBox(other, sealed))).toEqual(["cannot-open"]);
    expect(new Set(errors.map((error) => String(error))).size).toBe(1);
    expect(errors.every((error) => error instanceof Error && error.cause === undefined)).toBe(true);
    expect(codeOf(() => openBox(box, sealed))).toBe("none");
  });
});

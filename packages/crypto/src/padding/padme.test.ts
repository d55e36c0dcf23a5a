import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf, codesOf } from "../testing/error-code.ts";
import { byteMutations } from "../testing/mutations.ts";
import { pad, padmeLength, unpad } from "./padme.ts";

describe("Padmé", () => {
  it("[P4C-52] lengths are those of the published function", () => {
    // E = ⌊log2 L⌋, S = ⌊log2 E⌋ + 1, the last E − S bits are rounded up to zero.
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 30 }), (length) => {
        const exponent = Math.floor(Math.log2(length));
        const step = 2 ** (exponent - (Math.floor(Math.log2(exponent)) + 1));
        expect(padmeLength(length)).toBe(Math.ceil(length / step) * step);
      }),
    );
    expect([0, 1, 2, 9, 100, 1000, 1_000_000].map(padmeLength)).toEqual([
      0, 1, 2, 10, 104, 1024, 1_015_808,
    ]);
  });

  it("[P4C-52] padding adds at most 12 percent, and comes off again", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (content) => {
        const padded = pad(content);
        expect(padded.length).toBeLessThanOrEqual((content.length + 4) * 1.12 + 1);
        expect(unpad(padded)).toEqual(content);
      }),
    );
  });

  it("[P4C-52] any other filling or length is refused", () => {
    const padded = pad(new Uint8Array(29).fill(7));
    expect(padded).toHaveLength(36);
    const notContent = byteMutations(padded).filter(
      (bytes) => bytes.length !== padded.length || bytes.subarray(4, 33).every((one) => one === 7),
    );
    expect(notContent).toHaveLength(4 + 3 + 3);
    expect(codesOf(notContent, unpad)).toEqual(["malformed"]);
    expect(codeOf(() => unpad(Uint8Array.from([255, 255, 255, 255])))).toBe("malformed");
  });
});

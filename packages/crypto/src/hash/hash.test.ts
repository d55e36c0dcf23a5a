import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashBytes, hashText } from "./hash.ts";

describe("hashes", () => {
  it("[P4C-4] a hash is SHA-256 of the bytes, or of a text's UTF-8, as 43 characters of base64url", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const expected = createHash("sha256").update(text, "utf8").digest("base64url");
        expect(hashText(text)).toBe(expected);
        expect(hashBytes(Buffer.from(text, "utf8"))).toBe(expected);
        expect(expected).toHaveLength(43);
      }),
      { numRuns: 30 },
    );
  });
});

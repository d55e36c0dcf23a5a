import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../testing/error-code.ts";
import { textMutations } from "../testing/mutations.ts";
import { encodeBase64url, parseBase64url } from "./base64url.ts";

describe("base64url", () => {
  it("[P4C-3] bytes are written as Node writes them, and read back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(parseBase64url(text, bytes.length)).toEqual(bytes);
      }),
    );
  });

  it("[P4C-3] two texts never stand for the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
        const others = textMutations(encodeBase64url(bytes)).filter(
          (other) => codeOf(() => parseBase64url(other)) === "none",
        );
        for (const other of others) expect(parseBase64url(other)).not.toEqual(bytes);
      }),
    );
  });

  it.each(["AA==", "A", "AAA=", "A A", "+/AA", "AB", "AAB", "AAAA\n", "é"])(
    "[P4C-3] %j is refused",
    (text) => {
      expect(codeOf(() => parseBase64url(text))).toBe("malformed");
    },
  );
});

import { hkdfSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deriveBytes, type Purpose } from "./derive-bytes.ts";

const purposes = [
  "slot/password",
  "slot/recovery",
  "slot/passkey",
  "recovery-lookup",
  "wallet-key",
  "writer",
  "opaque-origin",
  "unknown-id",
] as const satisfies readonly Purpose[];

describe("key derivation", () => {
  it("[P4C-5] every purpose gives what Node's HKDF gives for its label, and another key than the others", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), (input) => {
        const keys = purposes.map((purpose) => deriveBytes(input, purpose));
        const expected = purposes.map(
          (purpose) => new Uint8Array(hkdfSync("sha256", input, "", `holdfast/4/${purpose}`, 32)),
        );
        expect(keys).toEqual(expected);
        expect(new Set(keys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(
          purposes.length,
        );
      }),
      { numRuns: 20 },
    );
  });
});

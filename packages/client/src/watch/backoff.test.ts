import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";

const randomBytes = fc.uint8Array({ minLength: 2, maxLength: 2 });

describe("backing off", () => {
  it("[P3C-41] waits from 1 s to 5 min, within the upper half of a time that doubles", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), randomBytes, (failures, bytes) => {
        const fullMs = Math.min(300_000, 1000 * 2 ** Math.min(failures, 30));
        const waitMs = backoffMs(failures, () => bytes);
        expect(waitMs).toBeGreaterThanOrEqual(Math.max(1000, fullMs / 2));
        expect(waitMs).toBeLessThanOrEqual(fullMs);
      }),
    );
  });

  it("[P3C-41] spreads devices that were cut off together", () => {
    const waits = [0, 85, 170, 255].map((byte) => backoffMs(8, () => Uint8Array.of(byte, 0)));
    expect(new Set(waits).size).toBe(4);
  });
});

import type { RandomBytes } from "../ports/random-bytes.ts";

const firstMs = 1000;
const longestMs = 5 * 60_000;

/**
 * How long to wait before attempt `failures` + 1 (P3C-41): twice as long each time, from 1 s to 5 min, and each time
 * at random within the upper half, so that devices cut off together do not come back together.
 */
export function backoffMs(failures: number, randomBytes: RandomBytes): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 30));
  const [high = 0, low = 0] = randomBytes(2);
  const share = (high * 256 + low) / 65_536;
  return Math.max(firstMs, Math.round(fullMs * (0.5 + share / 2)));
}

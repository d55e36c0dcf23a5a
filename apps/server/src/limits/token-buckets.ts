/**
 * A limit on how often somebody known does something: a bucket for each, full at first, that a call takes one token of and
 * that fills evenly. So a burst is allowed, and after it the average.
 *
 * Invariant: the memory is bounded; who was quiet longest is forgotten first, and begins anew with a full bucket.
 */
import { LRUCache } from "lru-cache";
import type { Limit, TakeOutcome } from "./credential-limits.ts";

export interface TokenBuckets {
  take(key: string): TakeOutcome;
}

const MAX_KEYS = 100_000;

/** `points` fit into a bucket, and come back in `windowMs`; without a limit nothing is refused. `clock` is in milliseconds. */
export function createTokenBuckets(limit: Limit | undefined, clock: () => number): TokenBuckets {
  if (limit === undefined) return { take: () => ({ type: "allowed" }) };
  const { points, windowMs } = limit;
  const msPerToken = windowMs / points;
  // Until when a bucket is not full again: everything that there is to know of it.
  const fullAtMs = new LRUCache<string, number>({ max: MAX_KEYS });
  return {
    take(key) {
      const nowMs = clock();
      const next = Math.max(nowMs, fullAtMs.get(key) ?? nowMs) + msPerToken;
      if (next - nowMs > windowMs)
        return { type: "limited", retryAfterMs: next - nowMs - windowMs };
      fullAtMs.set(key, next);
      return { type: "allowed" };
    },
  };
}

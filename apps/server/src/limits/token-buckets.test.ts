import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTokenBuckets } from "./token-buckets.ts";

const limit = { points: 3, windowMs: 3000 };

describe("[P4-67] pushes of one account", () => {
  test("may come in a burst, and after it as fast as the limit's average", () => {
    let nowMs = 10_000;
    const buckets = createTokenBuckets(limit, () => nowMs);
    const take = (key = "ann") => buckets.take(key);
    const allowed = { type: "allowed" };
    expect([take(), take(), take()]).toEqual([allowed, allowed, allowed]);
    expect(take()).toEqual({ type: "limited", retryAfterMs: 1000 });
    expect(take("bob")).toEqual(allowed);
    nowMs += 400;
    expect(take()).toEqual({ type: "limited", retryAfterMs: 600 });
    nowMs += 600;
    expect(take()).toEqual(allowed);
    expect(take()).toEqual({ type: "limited", retryAfterMs: 1000 });
  });

  test("are never more than a burst and the average together, whatever the times", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2500 }), { maxLength: 60 }), (waits) => {
        let nowMs = 0;
        const buckets = createTokenBuckets(limit, () => nowMs);
        let allowed = 0;
        for (const wait of waits) {
          nowMs += wait;
          if (buckets.take("ann").type === "allowed") allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(limit.points + Math.floor(nowMs / 1000));
      }),
    );
  });

  test("are not counted where limits are off", () => {
    const buckets = createTokenBuckets(undefined, () => 0);
    for (let call = 0; call < 1000; call += 1) expect(buckets.take("ann").type).toBe("allowed");
  });
});

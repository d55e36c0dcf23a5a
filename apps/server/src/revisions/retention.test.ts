import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRetention, MAX_MARKED } from "./retention.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const now = Date.UTC(2026, 10, 28, 12);

interface Revision {
  readonly sequence: number;
  readonly storedAtMs: number;
  readonly generation: number;
  readonly bytes: number;
  readonly keepsPrevious: boolean;
  readonly hasBody: boolean;
}

/** Revisions at these ages in hours, oldest first. */
const aged = (hours: readonly number[], changes: Partial<Revision>[] = []): Revision[] =>
  hours.map((hour, index) => ({
    sequence: index + 1,
    storedAtMs: now - hour * HOUR,
    generation: 1,
    bytes: 1000,
    keepsPrevious: false,
    hasBody: true,
    ...changes[index],
  }));

function bodiesToDrop(revisions: readonly Revision[], nowMs: number): number[] {
  const goes = createRetention(nowMs);
  return revisions
    .map((revision, index) => ({
      ...revision,
      userId: 1,
      walletId: "default",
      next: revisions[index + 1],
    }))
    .filter(({ hasBody }) => hasBody)
    .toReversed()
    .filter((body) => goes(body))
    .map(({ sequence }) => sequence)
    .toReversed();
}
const dropped = (revisions: Revision[]) => bodiesToDrop(revisions, now);

describe("[P4-65] bodies are kept", () => {
  test("all of them for 48 hours", () => {
    expect(dropped(aged([47, 46, 45.5, 45, 3, 2, 1, 0]))).toEqual([]);
  });

  test("then the last one of each day", () => {
    // 12:00 now; 60 and 61 hours ago is 0:00 and 23:00 of the day before.
    expect(dropped(aged([64, 63, 61, 60, 58, 57, 1]))).toEqual([1, 2, 4, 5]);
  });

  test("beyond 90 days the last one of each month", () => {
    // 21 and 26 June, 1, 26 and 31 July.
    const days = [160, 155, 150, 125, 120, 1];
    expect(dropped(aged(days.map((day) => day * 24)))).toEqual([1, 3, 4]);
  });

  test("the newest, however old", () => {
    expect(dropped(aged([900 * 24]))).toEqual([]);
    expect(dropped(aged([900.2 * 24, 900.1 * 24, 900 * 24]))).toEqual([1, 2]);
  });

  test("for ever before a rotation, a restore, a large shrink", () => {
    const hours = [64, 63.9, 63.8, 63.7, 63.6, 63.5, 1];
    const next: Partial<Revision> = { generation: 2 };
    const rotated = aged(hours, [{}, {}, next, next, next, next, next]);
    expect(dropped(rotated)).toEqual([1, 3, 4, 5]);
    expect(dropped(aged(hours, [{}, {}, { keepsPrevious: true }]))).toEqual([1, 3, 4, 5]);
    expect(dropped(aged(hours, [{}, {}, { bytes: 499 }]))).toEqual([1, 3, 4, 5]);
    expect(dropped(aged(hours, [{}, {}, { bytes: 500 }]))).toEqual([1, 2, 3, 4, 5]);
  });

  test("of those that were marked or shrank, the newest hundred; before rotations all", () => {
    const count = 3 * MAX_MARKED;
    const hours = [...Array.from({ length: count }, (_, at) => 300 - at / 100), 1];
    const marked = aged(
      hours,
      hours.map(() => ({ keepsPrevious: true })),
    );
    const kept = (revisions: Revision[]) => revisions.length - dropped(revisions).length;
    // The newest, and the last one of the day that the others are of.
    expect(kept(marked)).toBeLessThanOrEqual(MAX_MARKED + 2);
    expect(dropped(marked)).not.toContain(count);
    expect(dropped(marked)).toContain(1);
    const rotated = aged(
      hours,
      hours.map((_, at) => ({ generation: at + 1 })),
    );
    expect(dropped(rotated)).toEqual([]);
  });

  test("headers that came without a body are no shrink, and nothing to drop", () => {
    const healed = { bytes: 0, hasBody: false };
    const revisions = aged([64, 63.9, 63.8, 1], [{}, healed, healed]);
    expect(dropped(revisions)).toEqual([]);
  });
});

test("[P4-65] applying the rule again drops nothing more, and later no more than later alone", () => {
  const ages = fc.array(fc.integer({ min: 0, max: 400 * 24 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(ages, fc.integer({ min: 0, max: 200 }), (hours, daysLater) => {
      const revisions = aged(hours.toSorted((a, b) => b - a));
      const apply = (list: Revision[], at: number) => {
        const gone = new Set(bodiesToDrop(list, at));
        return list.map((one) => (gone.has(one.sequence) ? { ...one, hasBody: false } : one));
      };
      const once = apply(revisions, now);
      expect(apply(once, now)).toEqual(once);
      expect(once.at(-1)?.hasBody).toBe(true);
      const later = now + daysLater * DAY;
      expect(apply(once, later)).toEqual(apply(revisions, later));
    }),
  );
});

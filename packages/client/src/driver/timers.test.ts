import { expect, test } from "vitest";
import type { TimerName } from "../engine/index.ts";
import { createTimers } from "./timers.ts";

/** A clock whose sleepers wake when the test says so. */
function createSleepers() {
  const sleeping: { readonly ms: number; wake: () => void; isAborted: () => boolean }[] = [];
  return {
    sleeping,
    clock: {
      nowMs: () => 0,
      sleep: async (ms: number, signal?: AbortSignal) => {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        const wake = (): void => {
          resolve(undefined);
        };
        signal?.addEventListener("abort", wake);
        sleeping.push({ ms, wake, isAborted: () => signal?.aborted === true });
        await promise;
      },
    },
  };
}

function createRinging(fraction: number) {
  const { clock, sleeping } = createSleepers();
  const rung: TimerName[] = [];
  const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(fraction * 255);
  return { sleeping, rung, timers: createTimers(clock, bytes, (timer) => rung.push(timer)) };
}

const settled = async (): Promise<void> => {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
};

test.each([
  [0, 1000],
  [1, 2000],
])("[SYNC-43] a timer's time is chosen at random within its bounds: %d of the way", (at, ms) => {
  const { timers, sleeping } = createRinging(at);
  timers.start("retry", 1000, 2000);
  expect(sleeping[0]?.ms).toBeCloseTo(ms, 3);
});

test("[SYNC-43] a timer rings once", async () => {
  const { timers, sleeping, rung } = createRinging(0.5);
  timers.start("poll", 1, 2);
  sleeping[0]?.wake();
  await settled();
  expect(rung).toEqual(["poll"]);
});

test("[SYNC-43] one that is started again replaces the one before, and one that is stopped is silent", async () => {
  const { timers, sleeping, rung } = createRinging(0.5);
  timers.start("retry", 1, 2);
  timers.start("retry", 3, 4);
  timers.start("poll", 5, 6);
  timers.stop("poll");
  await settled();
  expect(rung).toEqual([]);
  expect(sleeping.map(({ isAborted }) => isAborted())).toEqual([true, false, true]);
  sleeping[1]?.wake();
  await settled();
  expect(rung).toEqual(["retry"]);
});

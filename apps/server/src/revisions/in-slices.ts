/**
 * Work of seconds on the thread that answers everybody: done in slices, between which all others get their turn, and by one
 * caller at a time, so that many of them do not add up. What is done within a slice waits for nobody.
 */
import type { Steps } from "@holdfast/crypto/verify";
import { createBoundedWork } from "../accounts/bounded-work.ts";
import { ServerError } from "../server-error.ts";

const SLICE_MS = 8;

/** One thread, one queue. */
const oneAtATime = createBoundedWork({ maxConcurrent: 1, maxQueued: 32 });

/** Throws ServerError `store-busy` when too many wait for their turn. */
export async function runInSlices<Result>(steps: Steps<Result>): Promise<Result> {
  const first = runSlice(steps);
  if (first.done) return first.value;
  const outcome = await oneAtATime.run(async () => {
    for (;;) {
      await new Promise((proceed) => setImmediate(proceed));
      const slice = runSlice(steps);
      if (slice.done) return slice.value;
    }
  });
  if (outcome.type === "done") return outcome.value;
  throw new ServerError("store-busy", "too many long lists wait to be checked");
}

type Slice<Result> = { readonly done: true; readonly value: Result } | { readonly done: false };

function runSlice<Result>(steps: Steps<Result>): Slice<Result> {
  const endsAtMs = performance.now() + SLICE_MS;
  do {
    const step = steps.next();
    if (step.done === true) return { done: true, value: step.value };
  } while (performance.now() < endsAtMs);
  return { done: false };
}

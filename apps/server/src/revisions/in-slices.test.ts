import type { Steps } from "@holdfast/crypto/verify";
import { expect, test } from "vitest";
import { runInSlices } from "./in-slices.ts";

/** Steps of a millisecond at least. */
function* work<Result>(steps: number, result: Result): Steps<Result> {
  for (let step = 0; step < steps; step += 1) {
    const endsAtMs = performance.now() + 1;
    while (performance.now() < endsAtMs);
    yield;
  }
  return result;
}

test("[P4-59] long checks let others have their turn, one after the other", async () => {
  let turns = 0;
  const ended: string[] = [];
  let isOver = false;
  const countTurns = (): void => {
    turns += 1;
    if (!isOver) setImmediate(countTurns);
  };
  setImmediate(countTurns);
  await Promise.all(
    ["one", "two"].map(async (name) => {
      expect(await runInSlices(work(100, name))).toBe(name);
      ended.push(name);
    }),
  );
  isOver = true;
  expect(ended).toEqual(["one", "two"]);
  expect(turns).toBeGreaterThan(20);
});

test("[P4-59] what is done at once waits for no long check", async () => {
  const long = runInSlices(work(100, "long"));
  const first = await Promise.race([long, runInSlices(work(1, "short"))]);
  expect(first).toBe("short");
  expect(await long).toBe("long");
});

test("[P4-59] too many long checks at once are refused, and nobody else with them", async () => {
  const all = Array.from({ length: 34 }, (_, at) => runInSlices(work(10, at)));
  const outcomes = await Promise.allSettled(all);
  const refused = outcomes.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ reason: { code: "store-busy" } });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { createBoundedWork } from "./bounded-work.ts";

test("[P3-19] work runs in order and within its bounds, what exceeds them is refused, and failures free their place", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 20 }),
      async (scheduler, maxConcurrent, maxQueued, fails) => {
        const work = createBoundedWork({ maxConcurrent, maxQueued });
        const started: number[] = [];
        let running = 0;
        let mostRunning = 0;
        const results = Promise.allSettled(
          fails.map((isFailing, index) =>
            work.run(async () => {
              started.push(index);
              running += 1;
              mostRunning = Math.max(mostRunning, running);
              await scheduler.schedule(Promise.resolve());
              running -= 1;
              if (isFailing) throw new Error("failed");
              return index;
            }),
          ),
        );
        const accepted = Math.min(fails.length, maxConcurrent + maxQueued);
        expect(await scheduler.waitFor(results)).toEqual(
          fails.map((isFailing, index) => {
            if (index >= accepted) return { status: "fulfilled", value: { type: "busy" } };
            return isFailing
              ? { status: "rejected", reason: new Error("failed") }
              : { status: "fulfilled", value: { type: "done", value: index } };
          }),
        );
        expect(started).toEqual(Array.from({ length: accepted }, (_, index) => index));
        expect(mostRunning).toBe(Math.min(accepted, maxConcurrent));
        // Every place is free again.
        const again = await Promise.all(
          Array.from({ length: maxConcurrent }, () => work.run(() => Promise.resolve("again"))),
        );
        expect(again.every(({ type }) => type === "done")).toBe(true);
      },
    ),
  );
});

/** Runs a bounded number of tasks at once, lets a bounded number wait in order, and refuses the rest. */

type WorkOutcome<Value> =
  { readonly type: "done"; readonly value: Value } | { readonly type: "busy" };

export interface BoundedWork {
  run<Value>(task: () => Promise<Value>): Promise<WorkOutcome<Value>>;
}

export function createBoundedWork(limits: {
  readonly maxConcurrent: number;
  readonly maxQueued: number;
}): BoundedWork {
  const waiting: (() => void)[] = [];
  let running = 0;

  return {
    async run(task) {
      if (running < limits.maxConcurrent) running += 1;
      else if (waiting.length >= limits.maxQueued) return { type: "busy" };
      // Whoever finishes hands its place on, so `running` does not change.
      else await new Promise<void>((proceed) => waiting.push(proceed));
      try {
        return { type: "done", value: await task() };
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}

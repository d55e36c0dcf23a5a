/**
 * Long checks as steps of a few milliseconds at most, so that whoever runs them can let others have their turn in between. A
 * step ends with `yield`; the check's result is what the generator returns.
 */
export type Steps<Result> = Generator<undefined, Result>;

export function runToEnd<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

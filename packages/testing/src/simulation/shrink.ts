import type { SimulationOptions } from "./options.ts";
import type { SimulationReport } from "./simulate.ts";

/**
 * Makes a failing run smaller: leaves out whatever people and hosts did without which the same rule fails nevertheless.
 * Gives the smallest run that was found in at most so many tries.
 */
export function shrink(
  failed: SimulationReport,
  run: (options: SimulationOptions) => SimulationReport,
  mostTries: number,
): SimulationReport {
  let smallest = failed;
  let tries = 0;
  const attempt = (without: ReadonlySet<number>): boolean => {
    if (tries >= mostTries) return false;
    tries += 1;
    const report = run({ ...smallest.options, steps: smallest.steps, without });
    if (report.failure === null || report.failure.rule !== failed.failure?.rule) return false;
    smallest = report;
    return true;
  };
  let size = failed.happenings;
  while (size >= 1) {
    let isSmaller = false;
    for (let start = smallest.happenings - 1; start >= 0; start -= size) {
      const { without } = smallest.options;
      const more = new Set(without);
      for (let number = Math.max(0, start - size + 1); number <= start; number += 1)
        more.add(number);
      if (more.size > without.size && attempt(more)) isSmaller = true;
    }
    if (!isSmaller || size > 1) size = Math.floor(size / 2);
  }
  return smallest;
}

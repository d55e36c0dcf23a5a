import type { Stage } from "./stage.ts";

/** One chapter of a page that is written from a run. */
export interface Row {
  readonly title: string;
  readonly text: string;
  /** What `run` asserts beyond the commands' success, in words. */
  readonly checked: readonly string[];
  run(stage: Stage): Promise<void>;
}

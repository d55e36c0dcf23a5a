import type { Schedule } from "../clock/schedule.ts";
import type { Random } from "../random/random.ts";

/**
 * A device's disk. A write is on it some milliseconds after it was asked for; a crash in between leaves the old record
 * or the new one, and never a mixture.
 */
export class CrashyStore<Record> {
  /** what is on the disk now; null: nothing yet */
  durable: Record | null = null;
  /** how likely a write is refused */
  failureRate = 0;
  readonly #schedule: Schedule;
  readonly #random: Random;
  #writing: { readonly record: Record; isCrashed: boolean } | null = null;

  constructor(schedule: Schedule, random: Random) {
    this.#schedule = schedule;
    this.#random = random;
  }

  get isWriting(): boolean {
    return this.#writing !== null;
  }

  /** Writes a record; `onDone` hears whether it is on disk, unless a crash comes first. */
  write(record: Record, onDone: (isSaved: boolean) => void): void {
    if (this.#writing !== null) throw new Error("two writes at the same time");
    const writing = { record, isCrashed: false };
    this.#writing = writing;
    const isRefused = this.#random.chance(this.failureRate);
    this.#schedule.after(this.#random.between(1, 8), () => {
      if (writing.isCrashed) return;
      this.#writing = null;
      if (!isRefused) this.durable = record;
      onDone(!isRefused);
    });
  }

  /** The power fails: what was being written is on disk or is not. */
  crash(): void {
    const writing = this.#writing;
    if (writing === null) return;
    this.#writing = null;
    writing.isCrashed = true;
    if (this.#random.chance(0.5)) this.durable = writing.record;
  }
}

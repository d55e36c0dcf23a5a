import { Schedule } from "./schedule.ts";

/** A clock that stands still until a test moves it. */
export type ManualClock = {
  nowMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Moves on and wakes whoever slept until then. */
  advance(ms: number): void;
  /** How many sleep. */
  sleepers(): number;
};

/** The time of day at the start is that of 2023-11-14. */
export function createManualClock(startMs = 1_700_000_000_000): ManualClock {
  const schedule = new Schedule();
  let sleepers = 0;
  return {
    nowMs: () => startMs + schedule.nowMs,
    async sleep(ms, signal) {
      if (signal?.aborted === true) return;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const wake = (): void => {
        resolve(undefined);
      };
      const appointment = schedule.after(ms, wake);
      signal?.addEventListener("abort", wake);
      sleepers += 1;
      await promise;
      sleepers -= 1;
      appointment.callOff();
      signal?.removeEventListener("abort", wake);
    },
    advance(ms) {
      schedule.runUntil(schedule.nowMs + ms);
    },
    sleepers: () => sleepers,
  };
}

import type { TimerName } from "../engine/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { RandomBytes } from "../ports/random-bytes.ts";

/** The engine's timers: one of each name at a time. */
export type Timers = {
  /** Rings after a time between the two, chosen at random; replaces a running one of the same name. */
  start(timer: TimerName, leastMs: number, mostMs: number): void;
  stop(timer: TimerName): void;
  stopAll(): void;
};

export function createTimers(
  clock: Clock,
  randomBytes: RandomBytes,
  onRing: (timer: TimerName) => void,
): Timers {
  const running = new Map<TimerName, AbortController>();
  const stop = (timer: TimerName): void => {
    running.get(timer)?.abort();
    running.delete(timer);
  };
  const ringAfter = async (timer: TimerName, ms: number): Promise<void> => {
    const stopped = new AbortController();
    running.set(timer, stopped);
    await clock.sleep(ms, stopped.signal);
    if (stopped.signal.aborted) return;
    running.delete(timer);
    onRing(timer);
  };
  return {
    start(timer, leastMs, mostMs) {
      stop(timer);
      void ringAfter(timer, between(leastMs, mostMs, randomBytes));
    },
    stop,
    stopAll() {
      running.forEach((_, timer) => {
        stop(timer);
      });
    },
  };
}

function between(leastMs: number, mostMs: number, randomBytes: RandomBytes): number {
  const fraction = new DataView(randomBytes(4).buffer).getUint32(0) / 2 ** 32;
  return leastMs + (mostMs - leastMs) * fraction;
}

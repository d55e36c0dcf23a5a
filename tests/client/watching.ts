import type { Device, DevicePorts, WatchEnd, WatchEvent, WatchOptions } from "@holdfast/client";

/** A watch under way, whose events a test waits for one by one. */
export type Watching = {
  readonly ended: Promise<WatchEnd>;
  /** The next event of this type that has not been waited for; skips others. */
  next<Type extends WatchEvent["type"]>(
    type: Type,
  ): Promise<Extract<WatchEvent, { readonly type: Type }>>;
  stop(): Promise<WatchEnd>;
};

export function startWatching(
  device: Device,
  options: Partial<Pick<WatchOptions, "action" | "pollMs">> = {},
): Watching {
  const stopping = new AbortController();
  const waiting: WatchEvent[] = [];
  let wake: () => void = () => undefined;
  const ended = device.watch({
    ...options,
    signal: stopping.signal,
    onEvent(event) {
      waiting.push(event);
      wake();
    },
  });
  return {
    ended,
    async next(type) {
      for (;;) {
        const event = waiting.shift();
        if (event === undefined) {
          const { promise, resolve } = Promise.withResolvers<undefined>();
          wake = () => {
            resolve(undefined);
          };
          await promise;
        } else if (event.type === type) {
          return event as Extract<WatchEvent, { readonly type: typeof type }>;
        }
      }
    },
    async stop() {
      stopping.abort();
      return await ended;
    },
  };
}

/** A clock whose sleepers wake when the test says so. */
export type SleepyClock = DevicePorts["clock"] & {
  /** Resolves with the next sleep of a length that `matches`, and wakes it. */
  wakeNext(matches: (ms: number) => boolean): Promise<number>;
};

export function createSleepyClock(now: DevicePorts["clock"]): SleepyClock {
  const sleeping: { ms: number; wake: () => void }[] = [];
  let noticed: () => void = () => undefined;
  return {
    nowMs: () => now.nowMs(),
    async sleep(ms, signal) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const wake = (): void => {
        resolve(undefined);
      };
      const sleeper = { ms, wake };
      sleeping.push(sleeper);
      signal?.addEventListener("abort", wake);
      if (signal?.aborted === true) wake();
      noticed();
      await promise;
      const index = sleeping.indexOf(sleeper);
      if (index >= 0) sleeping.splice(index, 1);
    },
    async wakeNext(matches) {
      for (;;) {
        const sleeper = sleeping.find(({ ms }) => matches(ms));
        if (sleeper !== undefined) {
          sleeping.splice(sleeping.indexOf(sleeper), 1);
          sleeper.wake();
          return sleeper.ms;
        }
        const { promise, resolve } = Promise.withResolvers<undefined>();
        noticed = () => {
          resolve(undefined);
        };
        await promise;
      }
    },
  };
}

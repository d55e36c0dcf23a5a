/**
 * Keeps one connection for notices open, and opens it again when it breaks: after 1 s, 2 s, 4 s … 5 min, each at random
 * within the upper half, from 1 s again once one stood, and at once when the network is back (SYNC-17, SYNC-18).
 */
import type { OpenAccount, WatchEvent } from "../ports/account-source.ts";
import type { Clock } from "../ports/clock.ts";
import type { RandomBytes } from "../ports/random-bytes.ts";
import { backoffMs } from "../watch/backoff.ts";

export type AccountWatch = {
  /** The network is back: no more waiting. */
  hurry(): void;
  stop(): void;
};

export function watchAccount(
  account: Pick<OpenAccount<never>, "watch">,
  { clock, randomBytes }: { readonly clock: Clock; readonly randomBytes: RandomBytes },
  onEvent: (event: WatchEvent) => void,
): AccountWatch {
  let failures = 0;
  let connection: { close(): void } | null = null;
  let waiting: AbortController | null = null;
  let isStopped = false;

  const connect = (): void => {
    let hasEnded = false;
    const opened = account.watch((event) => {
      if (isStopped || hasEnded) return;
      if (event.type === "watching") failures = 0;
      if (event.type !== "ended") {
        onEvent(event);
        return;
      }
      hasEnded = true;
      connection = null;
      onEvent(event);
      void reconnect();
    });
    connection = hasEnded ? null : opened;
  };

  const reconnect = async (): Promise<void> => {
    const delay = new AbortController();
    waiting = delay;
    const waitMs = backoffMs(failures, randomBytes);
    failures += 1;
    await clock.sleep(waitMs, delay.signal);
    waiting = null;
    if (!isStopped) connect();
  };

  connect();
  return {
    hurry() {
      failures = 0;
      waiting?.abort();
    },
    stop() {
      isStopped = true;
      waiting?.abort();
      connection?.close();
    },
  };
}

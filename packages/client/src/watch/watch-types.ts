import type { CredentialsRefused } from "../outcomes.ts";

/**
 * What a watch does when it may have missed something: at the start, after a notice, after a reconnection, at each poll; and, unless it only
 * pulls, when the wallet on this device was edited.
 */
export type WatchAction<Outcome extends { readonly type: string }> = (
  signal: AbortSignal,
) => Promise<Outcome>;

export type WatchEvent =
  | { readonly type: "connecting" }
  | { readonly type: "connected" }
  /** the host announced a revision */
  | { readonly type: "notice"; readonly sequence: number }
  /** what the action came to; with `mode: "pull"` a `PullOutcome`, with `"sync"` a `SyncOutcome` */
  | { readonly type: "acted"; readonly outcome: { readonly type: string } }
  /** trying again by itself in `retryInMs` */
  | { readonly type: "disconnected"; readonly retryInMs: number };

export type WatchOptions = {
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
  /** default `"pull"`; a function replaces both, for instance `() => device.syncDaemon(…)` */
  readonly action?: "pull" | "sync" | WatchAction<{ readonly type: string }>;
  /** how often to act without a notice; default 5 minutes */
  readonly pollMs?: number;
};

export type WatchEnd =
  | { readonly type: "stopped" }
  | CredentialsRefused
  /** something else that only a person can mend: a lying host, a damaged file, a forgotten password */
  | { readonly type: "needs-person"; readonly outcome: { readonly type: string } };

/**
 * Staying up to date (P3C-40 to P3C-42). A socket brings notices; what they say is only that it is time to look, so
 * each leads to the same action, as do every new connection and every poll. Nothing is missed for good by a lost notice.
 */
import type { DevicePorts } from "../device/device-ports.ts";
import { readStatus } from "../device/device-status.ts";
import type { DeviceSettings } from "../device/device-settings.ts";
import { holdWallet } from "../device/hold-wallet.ts";
import type { HostNews } from "../device/wallet-holder.ts";
import type { CredentialsRefused, LocalFailure, LoginFailure, NoProfile } from "../outcomes.ts";
import { backoffMs } from "./backoff.ts";
import { createEventQueue, type EventQueue } from "./event-queue.ts";
import { judgeAction } from "./judge-action.ts";
import type { WatchEnd, WatchEvent, WatchOptions } from "./watch-types.ts";

const defaultPollMs = 5 * 60_000;
/** Pushes in a row that no edit on this device led to: two devices keep correcting each other (SYNC-22). */
const maxCorrections = 5;

type Outcome = { readonly type: string };
type Action = (signal: AbortSignal) => Promise<Outcome>;
type Wakeup =
  | HostNews
  /** somebody wrote the wallet on this device, perhaps this very watch */
  | { readonly type: "written" }
  | { readonly type: "stop" };

/** What came of acting: go on, wait and try again, or end. */
type Step =
  | { readonly type: "fine" }
  | { readonly type: "retry" }
  | { readonly type: "end"; readonly end: WatchEnd };

export async function watch(
  settings: DeviceSettings,
  action: Action,
  { signal, onEvent, pollMs = defaultPollMs, action: kind = "pull" }: WatchOptions,
): Promise<WatchEnd> {
  const { ports } = settings;
  let corrections = 0;
  const act = async (): Promise<Step> => {
    let isCorrection = false;
    const step = await actOnce(settings, action, signal, (event) => {
      if (event.type === "acted") isCorrection = isCorrected(event.outcome);
      onEvent(event);
    });
    corrections = isCorrection ? corrections + 1 : 0;
    if (corrections < maxCorrections) return step;
    const outcome = { type: "correcting-each-other", rounds: corrections };
    return { type: "end", end: { type: "needs-person", outcome } };
  };
  let failures = 0;
  for (;;) {
    if (signal.aborted) return { type: "stopped" };
    onEvent({ type: "connecting" });
    const connection = await connect(settings, signal);
    const step = connection === null ? await act() : await follow(connection);
    if (step.type === "end") return step.end;
    if (signal.aborted) return { type: "stopped" };
    const retryInMs = backoffMs(failures, ports.randomBytes);
    failures += 1;
    onEvent({ type: "disconnected", retryInMs });
    await ports.clock.sleep(retryInMs, signal);
  }

  async function follow({ queue, close }: Connection): Promise<Step> {
    const stopPolling = startPolling(ports, queue, pollMs, signal);
    const stopWatching =
      kind === "pull" ? () => undefined : await watchEdits(settings, queue, signal);
    try {
      for (;;) {
        const event = await queue.next();
        switch (event.type) {
          case "stop":
            return { type: "end", end: { type: "stopped" } };
          case "closed":
            // Perhaps because the token is dead: acting finds out, and works without a socket as well.
            return await act();
          case "open":
            onEvent({ type: "connected" });
            break;
          case "notice":
            onEvent(event);
            break;
          case "poll":
            break;
          case "written":
            if (!(await hasUnpushedEdits(settings))) continue;
            break;
        }
        const step = await act();
        if (step.type !== "fine") return step;
        failures = 0;
      }
    } finally {
      stopPolling();
      stopWatching();
      close();
    }
  }
}

type Connection = { readonly queue: EventQueue<Wakeup>; readonly close: () => void };

/** null: there is no token to connect with. */
async function connect(settings: DeviceSettings, signal: AbortSignal): Promise<Connection | null> {
  const queue = createEventQueue<Wakeup>();
  const found = await holdWallet(settings, signal, async (holder) => {
    const listening = holder.listen((news) => {
      queue.add(news);
    });
    return await Promise.resolve({ type: "found" as const, listening });
  });
  if (found.type !== "found" || found.listening === null) return null;
  const { listening } = found;
  const stop = (): void => {
    queue.add({ type: "stop" });
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  return {
    queue,
    close() {
      signal.removeEventListener("abort", stop);
      listening.close();
    },
  };
}

function startPolling(
  { clock }: DevicePorts,
  queue: EventQueue<Wakeup>,
  pollMs: number,
  signal: AbortSignal,
): () => void {
  const stopped = new AbortController();
  const either = AbortSignal.any([stopped.signal, signal]);
  const poll = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(pollMs, either);
      if (either.aborted) return;
      queue.add({ type: "poll" });
    }
  };
  void poll();
  return () => {
    stopped.abort();
  };
}

/** Edits of other processes, and of other programs in the wallet file, are pushed as they are made. */
async function watchEdits(
  settings: DeviceSettings,
  queue: EventQueue<Wakeup>,
  signal: AbortSignal,
): Promise<() => void> {
  const found = await holdWallet(
    settings,
    signal,
    async ({ walletPath: path }) => await Promise.resolve({ type: "found" as const, path }),
  );
  return settings.ports.store.watchWallet(found.type === "found" ? found.path : null, () => {
    queue.add({ type: "written" });
  });
}

async function hasUnpushedEdits(settings: DeviceSettings): Promise<boolean> {
  const status = await readStatus(settings);
  return status.type === "status" && status.hasLocalChanges === true;
}

function isCorrected(outcome: Outcome): boolean {
  return "corrected" in outcome && outcome.corrected === true;
}

async function actOnce(
  settings: DeviceSettings,
  action: Action,
  signal: AbortSignal,
  onEvent: (event: WatchEvent) => void,
): Promise<Step> {
  const run = async (): Promise<Outcome> => {
    const outcome = await action(signal);
    onEvent({ type: "acted", outcome });
    return outcome;
  };
  const first = await run();
  if (judgeAction(first) !== "log-in") return stepAfter(first);
  const login = await logIn(settings, signal);
  if (login.type !== "logged-in") return stepAfter(login);
  const second = await run();
  // Logged in a moment ago and turned away again: wait rather than hammer.
  return judgeAction(second) === "log-in" ? { type: "retry" } : stepAfter(second);
}

async function logIn(
  settings: DeviceSettings,
  signal: AbortSignal,
): Promise<{ readonly type: "logged-in" } | LoginFailure | LocalFailure | NoProfile> {
  return await holdWallet(settings, signal, async (holder) => await holder.logIn());
}

function stepAfter(outcome: Outcome): Step {
  if (isCredentialsRefused(outcome)) return { type: "end", end: outcome };
  switch (judgeAction(outcome)) {
    case "fine":
      return { type: "fine" };
    case "log-in":
    case "retry":
      return { type: "retry" };
    case "person":
      return { type: "end", end: { type: "needs-person", outcome } };
  }
}

function isCredentialsRefused(outcome: Outcome): outcome is CredentialsRefused {
  return outcome.type === "credentials-refused";
}

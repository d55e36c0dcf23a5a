/**
 * The driver: it performs what the engine asks for and tells the engine what came of it. It decides nothing.
 *
 * Events are handled one after the other in the order they come; the effects of a step are begun in their order before
 * the next event is handled. After `stop` nothing is begun any more and answers still under way are dropped: for the
 * engine that is a crash, which it survives.
 */
import type { SyncEffect, SyncEngine, SyncEvent, SyncState } from "../engine/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { RandomBytes } from "../ports/random-bytes.ts";
import type { RecordStore } from "../ports/record-store.ts";
import type { SyncAccount } from "../ports/sync-account.ts";
import { createTimers } from "./timers.ts";

export type DriverParts<Content> = {
  readonly engine: SyncEngine<Content>;
  /** where to begin: `engine.start(record)` */
  readonly state: SyncState<Content>;
  readonly store: RecordStore<Content>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Hears of every step, after its effects were begun. */
  readonly onStep?: (step: DriverStep<Content>) => void;
  /** Hears of a rejected promise of a port, which is a defect: the driver has stopped. */
  readonly onDefect: (error: unknown) => void;
};

export type DriverStep<Content> = {
  readonly event: SyncEvent<Content>;
  readonly before: SyncState<Content>;
  readonly after: SyncState<Content>;
  readonly effects: readonly SyncEffect<Content>[];
};

export type Driver<Content> = {
  state(): SyncState<Content>;
  dispatch(event: SyncEvent<Content>): void;
  /** Gives the driver keys and a host to work with, and unlocks; replaces an earlier account. */
  unlock(account: SyncAccount<Content>): void;
  /** Resolves when nothing is under way: no request, no write, no event. A timer may be running. */
  whenQuiet(): Promise<void>;
  stop(): void;
};

export function createDriver<Content>(parts: DriverParts<Content>): Driver<Content> {
  const { engine, store } = parts;
  const stopped = new AbortController();
  const timers = createTimers(parts.clock, parts.randomBytes, (timer) => {
    dispatch({ type: "timer-rang", timer });
  });
  const queue: SyncEvent<Content>[] = [];
  const waiting: (() => void)[] = [];
  let state = parts.state;
  let account: SyncAccount<Content> | null = null;
  let underWay = 0;
  let isHandling = false;

  function dispatch(event: SyncEvent<Content>): void {
    queue.push(event);
    if (isHandling) return;
    isHandling = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) handle(next);
    isHandling = false;
    wakeIfQuiet();
  }

  function handle(event: SyncEvent<Content>): void {
    if (stopped.signal.aborted) return;
    const before = state;
    const step = engine.step(before, event);
    state = step.state;
    for (const effect of step.effects) perform(effect);
    parts.onStep?.({ event, before, after: state, effects: step.effects });
  }

  function perform(effect: SyncEffect<Content>): void {
    switch (effect.type) {
      case "save":
        void follow(save(effect));
        return;
      case "fetch-head":
      case "open":
      case "seal":
      case "push":
      case "change-password":
        if (account !== null) void follow(ask(account, effect, stopped.signal));
        return;
      case "forget-keys":
        account?.forgetKeys();
        account = null;
        return;
      case "start-timer":
        timers.start(effect.timer, effect.leastMs, effect.mostMs);
        return;
      case "stop-timer":
        timers.stop(effect.timer);
        return;
      case "edit-saved":
      case "edit-not-saved":
      case "password-change-ended":
        // For `onStep`.
        return;
    }
  }

  async function save(
    effect: Extract<SyncEffect<Content>, { type: "save" }>,
  ): Promise<SyncEvent<Content>> {
    const { requestId } = effect;
    const outcome = await store.save(effect.record);
    return outcome.type === "saved"
      ? { type: "saved", requestId }
      : { type: "save-failed", requestId, reason: outcome.reason };
  }

  async function follow(answer: Promise<SyncEvent<Content>>): Promise<void> {
    underWay += 1;
    let event: SyncEvent<Content>;
    try {
      event = await answer;
    } catch (error) {
      underWay -= 1;
      stop();
      parts.onDefect(error);
      wakeIfQuiet();
      return;
    }
    underWay -= 1;
    dispatch(event);
  }

  function wakeIfQuiet(): void {
    if (underWay > 0 || isHandling) return;
    for (const wake of waiting.splice(0)) wake();
  }

  function stop(): void {
    stopped.abort();
    timers.stopAll();
  }

  return {
    state: () => state,
    dispatch,
    unlock(given) {
      account = given;
      dispatch({ type: "unlocked", keyId: given.keyId });
    },
    async whenQuiet() {
      if (underWay === 0 && !isHandling) return;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      waiting.push(() => {
        resolve(undefined);
      });
      await promise;
    },
    stop,
  };
}

type Request<Content> = Extract<
  SyncEffect<Content>,
  { type: "fetch-head" | "open" | "seal" | "push" | "change-password" }
>;

async function ask<Content>(
  account: SyncAccount<Content>,
  effect: Request<Content>,
  signal: AbortSignal,
): Promise<SyncEvent<Content>> {
  const { requestId } = effect;
  switch (effect.type) {
    case "fetch-head":
      return {
        type: "fetched",
        requestId,
        outcome: await account.fetchHead(effect.since, signal),
      };
    case "open":
      return { type: "opened", requestId, outcome: await account.open(effect.head, effect.since) };
    case "seal":
      try {
        return { type: "sealed", requestId, revision: await account.seal(effect) };
      } catch {
        return { type: "seal-failed", requestId };
      }
    case "push":
      return { type: "pushed", requestId, outcome: await account.push(effect.revision, signal) };
    case "change-password":
      return {
        type: "password-change-answered",
        requestId,
        outcome: await account.changePassword(effect.revision, signal),
      };
  }
}

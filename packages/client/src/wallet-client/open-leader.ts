/**
 * The one of a device's tabs or processes that works: it has the store, the engine with its driver, and the account.
 * What others hand it, it does in their name.
 */
import type { Content } from "@holdfast/wallet/merge";
import { contentFormatOf } from "../driver/content-format.ts";
import { createDriver } from "../driver/create-driver.ts";
import type { Driver, DriverParts } from "../driver/create-driver.ts";
import { formatState, parseState, type StoredState } from "../driver/state-codec.ts";
import { createEngine, newDeviceRecord } from "../engine/index.ts";
import type { SaveFailure, SyncState } from "../engine/index.ts";
import type { OpenAccount, WatchEvent } from "../ports/account-source.ts";
import type { HeldStore } from "../ports/wallet-store.ts";
import { judgeOwner, nobody } from "../wallet-owner/wallet-owner.ts";
import { openMemory } from "./account-memory.ts";
import { readHistory, readRevision } from "./account-history.ts";
import type { Command, CommandOutcome } from "./command.ts";
import { factsOf } from "./facts.ts";
import type { Sight } from "./snapshot.ts";
import type { UnlockOptions, UnlockOutcome, WalletClientParts } from "./wallet-client.ts";
import { watchAccount, type AccountWatch } from "./watch-account.ts";

export type SettledEdit =
  { readonly type: "saved" } | { readonly type: "not-saved"; readonly reason: SaveFailure };

/** An edit that is not durable yet; `from` is what its maker saw. */
export type PendingEdit<Held> = {
  readonly from: Held;
  readonly content: Held;
  settle(outcome: SettledEdit): void;
};

export type Leader<Document, Credentials> = {
  readonly role: "leader";
  sight(): Sight<Document>;
  submit(edit: PendingEdit<Content<Document>>): void;
  unlock(credentials: Credentials, options: UnlockOptions): Promise<UnlockOutcome>;
  run(command: Command): Promise<CommandOutcome>;
  /** Waits until the disk has everything (true) or refused it (false). */
  settle(): Promise<boolean>;
  /** Ends the work and gives up the store. Gives what was seen here and is not on disk, for another to save. */
  stop(): Promise<PendingEdit<Content<Document>> | null>;
};

export type LeaderEvents = {
  /** something a snapshot shows may have changed */
  readonly onChange: () => void;
  /** another writes to the store, against all rules: what is not saved here is to be handed to it */
  readonly onLeadLost: () => void;
};

export type OpenLeaderOutcome<Document, Credentials> =
  | { readonly type: "leader"; readonly leader: Leader<Document, Credentials> }
  | { readonly type: "damaged"; readonly detail: string };

/** Reads what the device remembers and begins. A damaged memory is left as it is, and the store given up. */
export async function openLeader<Document, Credentials>(
  parts: WalletClientParts<Document, Credentials>,
  store: HeldStore,
  events: LeaderEvents,
): Promise<OpenLeaderOutcome<Document, Credentials>> {
  const loaded = await store.load("state");
  const stored = loaded.type === "text" ? parseState(loaded.text, parts.format) : loaded;
  switch (stored.type) {
    case "state":
      return { type: "leader", leader: startLeader(parts, store, events, stored.state) };
    case "none": {
      const { empty } = parts.format;
      const state = { record: newDeviceRecord(empty, empty), owner: nobody, peers: new Map() };
      return { type: "leader", leader: startLeader(parts, store, events, state) };
    }
    case "damaged":
    case "unreadable":
      await store.release();
      return { type: "damaged", detail: stored.detail };
  }
}

function startLeader<Document, Credentials>(
  parts: WalletClientParts<Document, Credentials>,
  store: HeldStore,
  events: LeaderEvents,
  stored: StoredState<Content<Document>>,
): Leader<Document, Credentials> {
  type Held = Content<Document>;
  const { format, source, clock, randomBytes } = parts;
  const engine = createEngine({ format: contentFormatOf(format), rules: source.rules });
  const waiting = new Map<number, PendingEdit<Held>>();
  const wishes = new Set<{ isMet: (state: SyncState<Held>) => boolean; tell: () => void }>();
  const ended = new AbortController();
  let { owner } = stored;
  let saved = stored.record.local;
  let account: OpenAccount<Held> | null = null;
  let watch: AccountWatch | null = null;
  let attempt: AbortController | null = null;
  let isBroken = false;
  let lastEditId = 0;

  const driver: Driver<Held> = createDriver({
    engine,
    state: engine.start(stored.record),
    clock,
    randomBytes,
    store: {
      async save(record) {
        const text = formatState({ record, owner, peers: stored.peers }, format);
        const outcome = await store.save("state", text);
        if (outcome.type === "saved") saved = record.local;
        return outcome;
      },
    },
    onStep,
    onDefect(error) {
      isBroken = true;
      dropAccount();
      settleAll({ type: "not-saved", reason: "disk-failed" });
      parts.onDefect?.(error);
      events.onChange();
    },
  });

  type OnStep = NonNullable<DriverParts<Held>["onStep"]>;
  function onStep({ event, before, after, effects }: Parameters<OnStep>[0]): void {
    if (before.access.type === "open" && after.access.type !== "open") dropAccount();
    const hasRecovered = before.network.lastFailure !== null && after.network.lastFailure === null;
    if (hasRecovered && (event.type === "fetched" || event.type === "pushed")) watch?.hurry();
    // Followers must see an edit in a snapshot before they hear that it is saved.
    events.onChange();
    for (const effect of effects) {
      if (effect.type === "edit-saved") settle(effect.editId, { type: "saved" });
      if (effect.type !== "edit-not-saved") continue;
      const { editId, reason } = effect;
      if (reason !== "not-leader") settle(editId, { type: "not-saved", reason });
    }
    for (const wish of wishes) {
      if (!wish.isMet(after)) continue;
      wishes.delete(wish);
      wish.tell();
    }
    if (after.disk.failure === "not-leader") events.onLeadLost();
  }

  function settle(editId: number, outcome: SettledEdit): void {
    waiting.get(editId)?.settle(outcome);
    waiting.delete(editId);
  }

  function settleAll(outcome: SettledEdit): void {
    for (const editId of waiting.keys()) settle(editId, outcome);
    for (const { tell } of wishes) tell();
    wishes.clear();
  }

  async function until(isMet: (state: SyncState<Held>) => boolean): Promise<void> {
    if (isBroken || ended.signal.aborted || isMet(driver.state())) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    wishes.add({
      isMet,
      tell: () => {
        resolve(undefined);
      },
    });
    await promise;
  }

  function dropAccount(): void {
    watch?.stop();
    watch = null;
    account = null;
  }

  function onWatchEvent(event: WatchEvent): void {
    switch (event.type) {
      case "watching":
      case "noticed":
        driver.dispatch(event);
        return;
      case "credentials-changed":
        driver.dispatch({ type: "credentials-changed-elsewhere" });
        return;
      case "ended": {
        // Perhaps because the token is dead, or the network: one look tells. If it is known to be gone, none is needed.
        const { isOnline, lastFailure } = driver.state().network;
        if (event.isRefused || (isOnline && lastFailure === null))
          driver.dispatch({ type: "watching" });
      }
    }
  }

  const stopListening = parts.connectivity?.listen((isOnline) => {
    driver.dispatch({ type: isOnline ? "went-online" : "went-offline" });
    if (isOnline) watch?.hurry();
  });
  if (parts.connectivity?.isOnline() === false) driver.dispatch({ type: "went-offline" });

  function submit(edit: PendingEdit<Held>): void {
    if (isBroken) {
      edit.settle({ type: "not-saved", reason: "disk-failed" });
      return;
    }
    lastEditId += 1;
    waiting.set(lastEditId, edit);
    const { content, from } = edit;
    driver.dispatch({ type: "edited", editId: lastEditId, content, from });
  }

  async function unlock(
    credentials: Credentials,
    { onProgress, anothersWallet }: UnlockOptions,
  ): Promise<UnlockOutcome> {
    attempt?.abort();
    const mine = new AbortController();
    attempt = mine;
    const opened = await openMemory(store);
    if (opened.type !== "memory") return { type: "memory-failed", detail: opened.detail };
    const { memory } = opened;
    const context = { memory, signal: mine.signal, onProgress };
    const first = await source.unlock(credentials, context);
    // What is remembered of the other account stays until the new one has something to remember.
    const outcome =
      first.type === "another-account" && anothersWallet === "merge"
        ? await source.unlock(credentials, { ...context, memory: { ...memory, text: null } })
        : first;
    if (outcome.type !== "unlocked") return mine.signal.aborted ? { type: "stopped" } : outcome;
    if (mine.signal.aborted) {
      outcome.account.forgetKeys();
      return { type: "stopped" };
    }
    const { owner: name, ownerId: id = name } = outcome.account;
    const whose = judgeOwner(owner, { id, name });
    if (whose === "another's" && anothersWallet !== "merge") {
      outcome.account.forgetKeys();
      return { type: "another-account", owner: owner.name };
    }
    if (whose === "own") {
      // The account may have another address by now.
      owner = { id, name };
    } else {
      driver.dispatch({ type: "locked" });
      // Has the record written anew, now with its owner.
      owner = { id, name };
      driver.dispatch({ type: "taken-over" });
    }
    dropAccount();
    ({ account } = outcome);
    watch = watchAccount(outcome.account, parts, onWatchEvent);
    driver.unlock(outcome.account);
    await until(({ access, disk, hasArrived }) => {
      if (access.type !== "open") return true;
      // What came is shown when it is on disk.
      return hasArrived && isSettled(disk);
    });
    const { access } = driver.state();
    if (access.type === "open") return { type: "unlocked" };
    if (access.type === "locked") return { type: "stopped" };
    return { type: "credentials-refused", detail: "the host no longer takes this device's keys" };
  }

  async function restore(sequence: number): Promise<CommandOutcome> {
    const { synced } = driver.state().record;
    const read = await readRevision(account, sequence, synced, ended.signal);
    if (read.type !== "opened") return read;
    const { view } = driver.state();
    const content = format.edit(view, read.content.document, clock.nowMs() / 1000);
    if (format.equal(view, content)) return { type: "unchanged" };
    const { promise, resolve } = Promise.withResolvers<SettledEdit>();
    submit({ from: view, content, settle: resolve });
    return await promise;
  }

  async function run(command: Command): Promise<CommandOutcome> {
    switch (command.type) {
      case "lock":
        attempt?.abort();
        driver.dispatch({ type: "locked" });
        return { type: "done" };
      case "sync":
        driver.dispatch({ type: "sync-wanted" });
        watch?.hurry();
        break;
      case "decide":
        if (command.decision === "heal" && (await giveBack())) return { type: "done" };
        driver.dispatch({ type: "decided", decision: command.decision });
        break;
      case "choose-first-sync":
        driver.dispatch({ type: "first-sync-chosen", choice: command.choice });
        break;
      case "history":
        return await readHistory(account, command, ended.signal);
      case "restore":
        return await restore(command.sequence);
    }
    await untilQuiet();
    return { type: "done" };
  }

  async function untilQuiet(): Promise<void> {
    await driver.whenQuiet();
    // A connection that opens meanwhile may have started something again.
    await until(({ activity, disk }) => activity.type === "idle" && isSettled(disk));
  }

  /** Whether the host is as it was before it was restored; otherwise what is here and what is there are to be brought together. */
  async function giveBack(): Promise<boolean> {
    if (driver.state().record.problem === null || account?.healHost === undefined) return false;
    const { type } = await account.healHost(ended.signal);
    if (type !== "given-back") return false;
    driver.dispatch({ type: "decided", decision: "try-again" });
    await untilQuiet();
    return driver.state().record.problem === null;
  }

  return {
    role: "leader",
    sight() {
      const state = driver.state();
      const hasHistory = account !== null && account.history !== null;
      const facts = factsOf(state, { owner: owner.name, hasHistory, isBroken });
      return { role: "leader", view: state.view, facts, look: state.look };
    },
    submit,
    unlock,
    run,
    async settle() {
      await until(({ disk }) => isSettled(disk));
      const { disk } = driver.state();
      return disk.savedVersion === disk.version;
    },
    async stop() {
      ended.abort();
      attempt?.abort();
      stopListening?.();
      driver.stop();
      account?.forgetKeys();
      dropAccount();
      const { view } = driver.state();
      const edits = [...waiting.values()];
      waiting.clear();
      settleAll({ type: "saved" });
      await store.release();
      if (view === saved || format.equal(view, saved)) {
        for (const edit of edits) edit.settle({ type: "saved" });
        return null;
      }
      return {
        from: saved,
        content: view,
        settle(outcome) {
          for (const edit of edits) edit.settle(outcome);
        },
      };
    },
  };
}

/** The disk has everything, or refused it. */
function isSettled({ failure, savedVersion, version }: SyncState<unknown>["disk"]): boolean {
  return failure !== null || savedVersion === version;
}

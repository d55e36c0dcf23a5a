/** One device: an engine, its disk, its keys, and a performer of effects that can crash before and after each of them. */
import type {
  DeviceRecord,
  OpenOutcome,
  PasswordChangeOutcome,
  SealedRevision,
  SyncEffect,
  SyncEvent,
  SyncState,
  TimerName,
} from "@holdfast/client/engine";
import type { Appointment } from "../clock/schedule.ts";
import { deriveModelKeys, openWallet, sealWallet } from "../crypto/model-keys.ts";
import type { ModelKeys } from "../crypto/model-keys.ts";
import {
  fetchOutcome,
  passwordChangeOutcome,
  pushOutcome,
  sealedRevision,
  walletOf,
} from "../host/model-transport.ts";
import { textIn } from "../host/wire.ts";
import type { HostAnswer } from "../host/wire.ts";
import { BitSet } from "./bit-set.ts";
import { CrashyStore } from "./crashy-store.ts";
import { seenIn } from "./tracked.ts";
import type { Tracked } from "./tracked.ts";
import type { World } from "./world.ts";

type Session = { readonly token: string; readonly keys: ModelKeys };
type Effect<Type extends SyncEffect<never>["type"], Content> = Extract<
  SyncEffect<Tracked<Content>>,
  { type: Type }
>;

export class SimDevice<Content> {
  readonly id: string;
  /** how far its clock is off */
  readonly clockSkewMs: number;
  readonly store: CrashyStore<DeviceRecord<Tracked<Content>>>;
  /** null: it is off */
  state: SyncState<Tracked<Content>> | null = null;
  session: Session | null = null;
  /** it will never come back */
  isGone = false;
  /** the numbers of the edits made here */
  ownEdits: BitSet = BitSet.empty;
  readonly #world: World<Content>;
  #incarnation = 0;
  #timers = new Map<TimerName, Appointment>();
  /** the session as kept on disk, so that a restart need not ask */
  #remembered: Session | null = null;
  #nextKeys: { readonly password: string; readonly saltSeed: string } | null = null;
  #edits = new Map<number, readonly number[]>();
  #nextEditId = 1;
  #refusals = 0;
  #isLoggingIn = false;
  #requests = 0;

  constructor(world: World<Content>, id: string, own: Tracked<Content>, clockSkewMs: number) {
    this.#world = world;
    this.id = id;
    this.clockSkewMs = clockSkewMs;
    this.store = new CrashyStore(world.schedule, world.random);
    this.store.durable = world.engine.newDeviceRecord(world.format.empty, own);
  }

  get isOn(): boolean {
    return this.state !== null;
  }

  /** Nothing is under way and nothing is left to do. */
  get isQuiet(): boolean {
    const { state } = this;
    if (state === null) return false;
    return (
      state.activity.type === "idle" &&
      state.record.inFlight === null &&
      !state.differs &&
      state.checkFor === 0 &&
      !state.network.isWaiting &&
      state.disk.savedVersion === state.disk.version &&
      !this.#isLoggingIn &&
      this.#requests === 0
    );
  }

  /** Waits for nobody but its person. */
  get isWaiting(): boolean {
    const { state } = this;
    return (
      state?.activity.type === "idle" &&
      state.disk.savedVersion === state.disk.version &&
      !this.#isLoggingIn &&
      this.#requests === 0
    );
  }

  // What happens to it

  start(): void {
    if (this.isGone || this.state !== null) return;
    const record = this.store.durable;
    if (record === null) throw new Error("a device without a record");
    this.state = this.#world.engine.start(record);
    this.session = this.#remembered;
    if (this.session !== null) this.dispatch({ type: "unlocked", keyId: this.session.keys.keyId });
  }

  crash(): void {
    if (this.state === null) return;
    this.#world.count("crash");
    this.#incarnation += 1;
    this.state = null;
    this.session = null;
    this.#nextKeys = null;
    this.#isLoggingIn = false;
    this.#requests = 0;
    this.#edits.clear();
    for (const timer of this.#timers.values()) timer.callOff();
    this.#timers.clear();
    this.store.crash();
  }

  dispatch(event: SyncEvent<Tracked<Content>>): void {
    const before = this.state;
    if (before === null) return;
    const step = this.#world.engine.step(before, event);
    this.state = step.state;
    if (before.record.synced !== step.state.record.synced) this.#refusals = 0;
    this.#world.afterStep(this, before, event, step);
    for (const effect of step.effects) {
      if (this.#world.crashesNow()) {
        this.crash();
        return;
      }
      this.#perform(effect);
      if (this.#world.crashesNow()) {
        this.crash();
        return;
      }
    }
  }

  // What its person does

  /** An edit, or the answer to a conflict. */
  edit(kind: "edit" | "answer"): boolean {
    const { state } = this;
    if (state === null) return false;
    const world = this.#world;
    const { view } = state;
    const desk = {
      random: world.random,
      nowMs: world.schedule.nowMs + this.clockSkewMs,
      fresh: () => world.freshText(),
    };
    const edit = world.wallet[kind](desk, view.content);
    if (edit === null) return false;
    const { era } = world.ledger;
    const before = seenIn(era, view);
    const ids = edit.changes.map((change) => world.ledger.enter(this.id, change, before));
    let seen = before;
    for (const id of ids) {
      seen = seen.with(id);
      this.ownEdits = this.ownEdits.with(id);
    }
    const editId = this.#nextEditId;
    this.#nextEditId += 1;
    this.#edits.set(editId, ids);
    world.count(kind);
    this.dispatch({
      type: "edited",
      editId,
      content: { content: edit.content, seen, era: era.number },
    });
    return true;
  }

  /** The person gives a password: fetch the salt seed, derive, log in, unlock. */
  enterPassword(password: string): void {
    if (this.state === null || this.#isLoggingIn) return;
    this.#isLoggingIn = true;
    this.#ask({ type: "get-salt-seed" }, (seedAnswer) => {
      const saltSeed = textIn(seedAnswer?.body, "clientSaltSeed");
      if (saltSeed === null) {
        this.#isLoggingIn = false;
        return;
      }
      const keys = deriveModelKeys(password, saltSeed);
      this.#logIn(keys, (session) => {
        this.#isLoggingIn = false;
        if (session === null) return;
        this.#setSession(session);
        this.dispatch({ type: "unlocked", keyId: keys.keyId });
      });
    });
  }

  changePassword(password: string, saltSeed: string): void {
    if (this.state?.access.type !== "open" || this.state.passwordChange !== null) return;
    this.#nextKeys = { password, saltSeed };
    this.dispatch({ type: "password-change-wanted" });
  }

  // Effects

  #perform(effect: SyncEffect<Tracked<Content>>): void {
    switch (effect.type) {
      case "save":
        this.#save(effect);
        break;
      case "fetch-head":
        this.#fetchHead(effect.requestId);
        break;
      case "open":
        this.#later(1, 15, () => {
          this.dispatch({
            type: "opened",
            requestId: effect.requestId,
            outcome: this.#open(effect.head.revision),
          });
        });
        break;
      case "seal":
        this.#later(1, 15, () => {
          this.#seal(effect);
        });
        break;
      case "push":
        this.#push(effect);
        break;
      case "change-password":
        this.#changePassword(effect);
        break;
      case "forget-keys":
        this.session = null;
        this.#remembered = null;
        break;
      case "start-timer":
        this.#startTimer(effect);
        break;
      case "stop-timer":
        this.#timers.get(effect.timer)?.callOff();
        this.#timers.delete(effect.timer);
        break;
      case "edit-saved":
        for (const id of this.#edits.get(effect.editId) ?? []) this.#world.ledger.markSaved(id);
        this.#edits.delete(effect.editId);
        break;
      case "edit-not-saved":
      case "password-change-ended":
        this.#world.count(effect.type);
        break;
    }
  }

  #save({ requestId, record }: Effect<"save", Content>): void {
    this.store.write(record, (isSaved) => {
      if (isSaved) this.dispatch({ type: "saved", requestId });
      else this.dispatch({ type: "save-failed", requestId, reason: "disk-full" });
    });
  }

  #fetchHead(requestId: number): void {
    const token = this.session?.token ?? "none";
    this.#refusals = 0;
    this.#ask({ type: "get-wallet", token }, (answer) => {
      this.dispatch({ type: "fetched", requestId, outcome: fetchOutcome(answer) });
    });
  }

  #open(revision: SealedRevision): OpenOutcome<Tracked<Content>> {
    this.#refusals = 0;
    const { encryptedWallet = "", hmac = "" } = revision.payload;
    const { session } = this;
    if (session === null) return { type: "rejected", problem: "not-authentic" };
    const wallet = { encryptedWallet, hmac, sequence: revision.sequence };
    const text = openWallet(session.keys, wallet);
    if (text === null) return { type: "rejected", problem: "not-authentic" };
    return this.#world.openText(revision.hash, text);
  }

  #seal(effect: Effect<"seal", Content>): void {
    const { requestId, content, sequence, line } = effect;
    const keys =
      effect.keys === "current"
        ? this.session?.keys
        : this.#nextKeys && deriveModelKeys(this.#nextKeys.password, this.#nextKeys.saltSeed);
    if (keys === undefined || keys === null) {
      this.dispatch({ type: "seal-failed", requestId });
      return;
    }
    const world = this.#world;
    const text = world.textOf(content.content, line);
    const wallet = sealWallet(keys, sequence, text, world.freshText());
    const revision = sealedRevision(wallet);
    world.registerRevision(revision.hash, content);
    this.dispatch({ type: "sealed", requestId, revision });
  }

  #push({ requestId, revision }: Effect<"push", Content>): void {
    this.#world.checks.beforePush(this, revision, this.#refusals);
    this.#refusals += 1;
    const token = this.session?.token ?? "none";
    this.#ask({ type: "post-wallet", token, wallet: walletOf(revision) }, (answer) => {
      const outcome = pushOutcome(answer);
      if (outcome.type !== "conflict") this.#refusals = 0;
      this.dispatch({ type: "pushed", requestId, outcome });
    });
  }

  #changePassword({ requestId, revision }: Effect<"change-password", Content>): void {
    const old = this.session;
    const next = this.#nextKeys;
    if (old === null || next === null) return;
    const keys = deriveModelKeys(next.password, next.saltSeed);
    const end = (outcome: PasswordChangeOutcome): void => {
      this.dispatch({ type: "password-change-answered", requestId, outcome });
    };
    const wallet = revision === null ? null : walletOf(revision);
    const request = { oldLogin: old.keys.login, newLogin: keys.login, saltSeed: next.saltSeed };
    this.#ask({ type: "change-password", ...request, wallet }, (answer) => {
      const outcome = passwordChangeOutcome(answer);
      if (outcome !== "changed") {
        end({ type: outcome });
        return;
      }
      this.#logIn(keys, (session) => {
        this.#setSession(session ?? { token: "none", keys });
        end({ type: "changed", keyId: keys.keyId });
      });
    });
  }

  #startTimer({ timer, leastMs, mostMs }: Effect<"start-timer", Content>): void {
    this.#timers.get(timer)?.callOff();
    const delayMs = this.#world.random.between(Math.floor(leastMs), Math.floor(mostMs));
    const appointment = this.#world.schedule.after(delayMs, () => {
      this.#timers.delete(timer);
      this.dispatch({ type: "timer-rang", timer });
    });
    this.#timers.set(timer, appointment);
  }

  #logIn(keys: ModelKeys, done: (session: Session | null) => void): void {
    this.#ask({ type: "log-in", login: keys.login, deviceId: this.id }, (answer) => {
      const token = answer?.status === 200 ? textIn(answer.body, "token") : null;
      done(token === null ? null : { token, keys });
    });
  }

  #setSession(session: Session): void {
    this.session = session;
    this.#remembered = session;
  }

  #ask(request: Parameters<World<Content>["ask"]>[1], done: (answer: HostAnswer | null) => void) {
    const incarnation = this.#incarnation;
    this.#requests += 1;
    let isFirst = true;
    this.#world.ask(this, request, (answer) => {
      if (incarnation !== this.#incarnation) return;
      if (isFirst) this.#requests -= 1;
      isFirst = false;
      done(answer);
    });
  }

  #later(leastMs: number, mostMs: number, run: () => void): void {
    const incarnation = this.#incarnation;
    this.#requests += 1;
    this.#world.schedule.after(this.#world.random.between(leastMs, mostMs), () => {
      if (incarnation !== this.#incarnation) return;
      this.#requests -= 1;
      run();
    });
  }
}

/** One device: an engine, its disk, its keys, and a performer of effects that can crash before and after each of them. */
import type {
  DeviceRecord,
  OpenOutcome,
  PasswordChangeOutcome,
  ReportedHead,
  SyncEffect,
  SyncEvent,
  SyncState,
  TimerName,
} from "@holdfast/client/engine";
import type { Appointment } from "../clock/schedule.ts";
import { deriveModelKeys } from "../crypto/model-keys.ts";
import type { ModelKeys } from "../crypto/model-keys.ts";
import {
  fetchOutcome,
  passwordChangeOutcome,
  pushOutcome,
  sealedRevision,
  walletOf,
} from "../host/model-transport.ts";
import { textIn } from "../host/wire.ts";
import type { HostAnswer, Rotation } from "../host/wire.ts";
import { addGeneration, sealRing, sessionKeys } from "../protocols/model-protocol-4.ts";
import type { SessionKeys } from "../protocols/model-protocol.ts";
import { BitSet } from "./bit-set.ts";
import { reactionTo } from "./reaction.ts";
import { CrashyStore } from "./crashy-store.ts";
import { seenIn } from "./tracked.ts";
import type { Tracked } from "./tracked.ts";
import type { World } from "./world.ts";

type Session = { readonly token: string; readonly keys: SessionKeys };
type NextPassword = {
  readonly password: string;
  readonly saltSeed: string;
  /** protocol 4: with new keys for everything that comes after */
  readonly isRotation: boolean;
};
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
  /** the highest revision it ever knew and had on its disk */
  highestSeen = 0;
  /** the numbers of the edits made here */
  ownEdits: BitSet = BitSet.empty;
  readonly #world: World<Content>;
  #incarnation = 0;
  #timers = new Map<TimerName, Appointment>();
  /** the session as kept on disk, so that a restart need not ask */
  #remembered: Session | null = null;
  #nextKeys: NextPassword | null = null;
  #edits = new Map<number, readonly number[]>();
  #nextEditId = 1;
  #refusals = 0;
  #isLoggingIn = false;
  #requests = 0;
  /** what the host did to the answer that is being worked on */
  #lie: string | null = null;

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

  /** Whether it is working on an answer that is a lie. */
  get isLiedTo(): boolean {
    return this.#lie !== null;
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
    this.#world.tell(`${this.id}: starts`);
    const record = this.store.durable;
    if (record === null) throw new Error("a device without a record");
    this.#remember(record);
    this.state = this.#world.engine.start(record);
    this.session = this.#remembered;
    if (this.session !== null) this.dispatch({ type: "unlocked", keyId: this.session.keys.keyId });
  }

  crash(): void {
    if (this.state === null) return;
    this.#world.count("crash");
    this.#world.tell(`${this.id}: crashes`);
    this.#lie = null;
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
    if (this.#lie !== null && step.state.activity.type !== "opening")
      this.#world.count(`lie ${this.#lie}: ${reactionTo(before, step.state)}`);
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
      random: world.people,
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
    for (const { path, value } of edit.changes)
      world.tell(`${this.id}: ${kind} ${path} = ${value ?? "nothing"}`);
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
    this.#world.tell(`${this.id}: password entered`);
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
        this.dispatch({ type: "unlocked", keyId: session.keys.keyId });
      });
    });
  }

  changePassword(next: NextPassword): void {
    if (this.state?.access.type !== "open" || this.state.passwordChange !== null) return;
    this.#nextKeys = next;
    this.dispatch({ type: "password-change-wanted" });
  }

  // Effects

  #perform(effect: SyncEffect<Tracked<Content>>): void {
    switch (effect.type) {
      case "save":
        this.#save(effect);
        break;
      case "fetch-head":
        this.#fetchHead(effect);
        break;
      case "open":
        this.#later(1, 15, () => {
          this.dispatch({
            type: "opened",
            requestId: effect.requestId,
            outcome: this.#open(effect.head),
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
        this.#world.count(effect.type);
        break;
      case "password-change-ended":
        this.#world.count(`password change: ${effect.outcome}`);
        break;
    }
  }

  #save({ requestId, record }: Effect<"save", Content>): void {
    this.store.write(record, (isSaved) => {
      if (isSaved) this.#remember(record);
      if (isSaved) this.dispatch({ type: "saved", requestId });
      else this.dispatch({ type: "save-failed", requestId, reason: "disk-full" });
    });
  }

  /** A sequence that nobody vouches for is not what others can have seen. */
  #remember({ synced: { sequence, hash } }: DeviceRecord<Tracked<Content>>): void {
    if (this.#world.isRevision(hash)) this.highestSeen = Math.max(this.highestSeen, sequence);
  }

  #fetchHead({ requestId, since }: Effect<"fetch-head", Content>): void {
    const token = this.session?.token ?? "none";
    this.#refusals = 0;
    this.#ask({ type: "get-wallet", token, after: since.sequence }, (answer) => {
      this.dispatch({ type: "fetched", requestId, outcome: fetchOutcome(answer) });
    });
  }

  #open(head: ReportedHead): OpenOutcome<Tracked<Content>> {
    this.#refusals = 0;
    const { session } = this;
    if (session === null) return { type: "rejected", problem: "not-authentic" };
    const opened = this.#world.protocol.open(session.keys, head);
    if (opened.type === "rejected") return opened;
    const { text, line, epoch } = opened;
    const content = this.#world.openText(head.revision.hash, text);
    return { type: "opened", content, line, epoch };
  }

  #seal(effect: Effect<"seal", Content>): void {
    const { requestId, content, sequence, parent, line } = effect;
    const world = this.#world;
    const keys = effect.keys === "current" ? this.session?.keys : this.#keysOfNextPassword();
    if (keys === undefined || keys === null) {
      this.dispatch({ type: "seal-failed", requestId });
      return;
    }
    const text = world.wallet.serialize(content.content);
    const place = { sequence, parent, line };
    const wallet = world.protocol.seal(keys, place, text, world.freshText());
    const revision = sealedRevision(wallet);
    world.registerRevision(revision.hash, content);
    this.dispatch({ type: "sealed", requestId, revision });
  }

  /** Protocol 3: the keys that the password gives which is about to be set. */
  #keysOfNextPassword(): SessionKeys | null {
    const next = this.#nextKeys;
    if (next === null) return null;
    return this.#world.protocol.unlock(deriveModelKeys(next.password, next.saltSeed), null);
  }

  #push({ requestId, revision }: Effect<"push", Content>): void {
    this.#world.checks.beforePush(this, revision, this.#refusals);
    this.#refusals += 1;
    const token = this.session?.token ?? "none";
    this.#ask({ type: "post-wallet", token, wallet: walletOf(revision) }, (answer) => {
      const outcome = pushOutcome(answer, this.#world.protocol.number === 3);
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
    const [newKeys, more] = this.#pieces(old, next, keys);
    this.#ask({ type: "change-password", ...request, wallet, ...more }, (answer) => {
      const outcome = passwordChangeOutcome(answer);
      if (outcome !== "changed") {
        end({ type: outcome });
        return;
      }
      this.#logIn(keys, (session) => {
        this.#setSession(session ?? { token: "none", keys: newKeys });
        end({ type: "changed", keyId: newKeys.keyId });
      });
    });
  }

  /** Protocol 4: what a change of credentials carries, and the keys it leads to. */
  #pieces(
    { keys: old }: Session,
    { isRotation }: NextPassword,
    keys: ModelKeys,
  ): [SessionKeys, { slot?: string; rotation?: Rotation }] {
    const world = this.#world;
    if (world.protocol.number === 3) {
      const newKeys = world.protocol.unlock(keys, null);
      if (newKeys === null) throw new Error("a password without keys");
      return [newKeys, {}];
    }
    const closedAt = this.state?.record.synced.hash ?? "";
    const ring = isRotation ? addGeneration(old.ring, world.freshText(), closedAt) : old.ring;
    const slot = sealRing(ring, keys, world.freshText());
    const rotation = { epoch: ring.at(-1)?.epoch ?? 1, closedAt };
    return [sessionKeys(keys.login, ring), isRotation ? { slot, rotation } : { slot }];
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
      const unlocked = this.#world.protocol.unlock(keys, textIn(answer?.body, "slot"));
      done(token === null || unlocked === null ? null : { token, keys: unlocked });
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
      this.#lie = answer === null ? null : this.#world.hostile.lieIn(answer);
      done(answer);
      this.#lie = null;
    });
  }

  #later(leastMs: number, mostMs: number, run: () => void): void {
    const incarnation = this.#incarnation;
    const lie = this.#lie;
    this.#requests += 1;
    this.#world.schedule.after(this.#world.random.between(leastMs, mostMs), () => {
      if (incarnation !== this.#incarnation) return;
      this.#requests -= 1;
      this.#lie = lie;
      run();
      this.#lie = null;
    });
  }
}

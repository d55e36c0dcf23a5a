/** One device: an engine, its disk, its keys, and a performer of effects that can crash before and after each of them. */
import type {
  Decision,
  DeviceRecord,
  OpenOutcome,
  ReportedHead,
  RevisionRef,
  SealedRevision,
  SyncEffect,
  SyncEvent,
  SyncState,
  TimerName,
} from "@holdfast/client/engine";
import type { Appointment } from "../clock/schedule.ts";
import { fetchOutcome, pushOutcome, sealedRevision, walletOf } from "../host/model-transport.ts";
import { headerOf } from "../crypto/model-keys.ts";
import type { HostAnswer, HostQuestion } from "../host/wire.ts";
import { modelProtocol4 } from "../protocols/model-protocol-4.ts";
import type { ModelProtocol, SessionKeys } from "../protocols/model-protocol.ts";
import { contact, judgeUnknownHead, rememberedPoint, withNewest, withOpened } from "./account-4.ts";
import type { Account4 } from "./account-4.ts";
import { BitSet } from "./bit-set.ts";
import { reactionTo } from "./reaction.ts";
import { CrashyStore } from "./crashy-store.ts";
import { keysOfNextPassword, logInByPassword, sendPasswordChange } from "./sim-credentials.ts";
import type { NextPassword } from "./sim-credentials.ts";
import type { PendingUpgrade } from "./sim-upgrade.ts";
import { seenIn } from "./tracked.ts";
import type { Tracked } from "./tracked.ts";
import type { World } from "./world.ts";

export type Session = { readonly token: string; readonly keys: SessionKeys };

/** A record, and the protocol of the account it belongs to: a record of another account's is only the wallet in it. */
export type StoredRecord<Content> = {
  readonly record: DeviceRecord<Tracked<Content>>;
  readonly owner: 3 | 4;
};

type Effect<Type extends SyncEffect<never>["type"], Content> = Extract<
  SyncEffect<Tracked<Content>>,
  { type: Type }
>;

export class SimDevice<Content> {
  readonly id: string;
  /** how far its clock is off */
  readonly clockSkewMs: number;
  readonly store: CrashyStore<StoredRecord<Content>>;
  /** the protocol it speaks, as its profile on the disk says */
  protocol: ModelProtocol;
  /** null: it is off */
  state: SyncState<Tracked<Content>> | null = null;
  session: Session | null = null;
  /** protocol 4: what it remembers of the account, on its disk; null: nothing */
  account: Account4 | null = null;
  /** an upgrade that was sent and whose fate is not known, on its disk */
  upgrade: PendingUpgrade | null = null;
  /** it shows an invitation and waits for an answer */
  isPairing = false;
  /** the revision that its pairing told of */
  toldOf = 0;
  /** what it keeps to heal its host with goes back to this revision at least */
  keptSince = 0;
  /** it is not running because its account is being upgraded */
  isBusy = false;
  /** it will never come back */
  isGone = false;
  /** the highest revision it ever knew and had on its disk */
  highestSeen = 0;
  /** the numbers of the edits made here */
  ownEdits: BitSet = BitSet.empty;
  readonly world: World<Content>;
  #incarnation = 0;
  #timers = new Map<TimerName, Appointment>();
  /** protocol 3: the session as kept on disk, so that a restart need not ask */
  #remembered: Session | null = null;
  #nextKeys: NextPassword | null = null;
  #edits = new Map<number, readonly number[]>();
  #nextEditId = 1;
  #refusals = 0;
  #isLoggingIn = false;
  #requests = 0;
  /** what the host did to the answer that is being worked on */
  #lie: string | null = null;
  /** a person's decision that is to follow if the first comes to nothing */
  #nextDecision: Decision | null = null;

  constructor(world: World<Content>, id: string, own: Tracked<Content>, clockSkewMs: number) {
    this.world = world;
    this.id = id;
    this.protocol = world.protocol;
    this.clockSkewMs = clockSkewMs;
    this.store = new CrashyStore(world.schedule, world.random);
    const record = world.module.newDeviceRecord(world.format.empty, own);
    this.store.durable = { record, owner: this.protocol.number };
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
    if (this.isGone || this.isBusy || this.state !== null) return;
    this.world.tell(`${this.id}: starts`);
    this.state = this.world.engines[this.protocol.number].start(this.ownRecord());
    const { account } = this;
    if (this.protocol.number === 3) this.session = this.#remembered;
    else if (account !== null && account.token !== null && account.keys !== null)
      this.session = { token: account.token, keys: account.keys };
    if (this.session !== null) this.dispatch({ type: "unlocked", keyId: this.session.keys.keyId });
  }

  /** What is on its disk; what belongs to another protocol's account begins anew. */
  ownRecord(): DeviceRecord<Tracked<Content>> {
    const stored = this.store.durable;
    if (stored === null) throw new Error("a device without a record");
    const { record, owner } = stored;
    if (owner === this.protocol.number) {
      this.#remember(record);
      return record;
    }
    return this.world.module.beginAnew(record, this.world.format.empty);
  }

  crash(): void {
    if (this.state === null && !this.isBusy) return;
    this.world.count("crash");
    this.world.tell(`${this.id}: crashes`);
    this.#stop();
  }

  /** Its engine stops for a while, as between two commands; false: it cannot just now. */
  pause(): boolean {
    if (this.state === null || this.store.isWriting || this.isBusy) return false;
    this.#stop();
    this.isBusy = true;
    return true;
  }

  resume(): void {
    this.isBusy = false;
    this.start();
  }

  /** A moment at which the power may fail, `likelier` times as likely as usual; false: it did. */
  survives(likelier = 1): boolean {
    if (!this.world.crashesNow(likelier)) return true;
    this.crash();
    return false;
  }

  #stop(): void {
    this.isBusy = false;
    this.isPairing = false;
    this.#nextDecision = null;
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
    const step = this.world.engines[this.protocol.number].step(before, event);
    this.state = step.state;
    if (before.record.synced !== step.state.record.synced) this.#refusals = 0;
    if (this.#lie !== null && step.state.activity.type !== "opening")
      this.world.count(`lie ${this.#lie}: ${reactionTo(before, step.state)}`);
    this.world.afterStep(this, before, event, step);
    for (const effect of step.effects) {
      if (!this.survives()) return;
      this.#perform(effect);
      if (!this.survives()) return;
    }
    this.#decideNext();
  }

  /** The person has something done about a problem; `next`: and if that does not help, this. */
  decide(decision: Decision, next: Decision | null = null): void {
    this.dispatch({ type: "decided", decision });
    this.#nextDecision = this.state?.record.problem === null ? null : next;
  }

  #decideNext(): void {
    const { state } = this;
    const decision = this.#nextDecision;
    if (decision === null || state?.activity.type !== "idle" || state.network.isWaiting) return;
    if (state.decision !== null) return;
    this.#nextDecision = null;
    if (state.record.problem !== null) this.decide(decision);
  }

  // What its person does

  /** An edit, or the answer to a conflict. */
  edit(kind: "edit" | "answer"): boolean {
    const { state } = this;
    if (state === null) return false;
    const world = this.world;
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
    this.world.tell(`${this.id}: password entered`);
    this.#isLoggingIn = true;
    logInByPassword(this, password, (session) => {
      this.#isLoggingIn = false;
      if (session !== null) this.unlock(session);
    });
  }

  /** The account is open: as it was, or after a login, a pairing or healing. */
  unlock(session: Session): void {
    this.setSession(session);
    this.dispatch({ type: "unlocked", keyId: session.keys.keyId });
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
        this.later(1, 15, () => {
          this.dispatch({
            type: "opened",
            requestId: effect.requestId,
            outcome: this.#open(effect.head, effect.since),
          });
        });
        break;
      case "seal":
        this.later(1, 15, () => {
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
        // The keys may still open a new session, or heal the host.
        if (this.account !== null) this.account = { ...this.account, token: null };
        break;
      case "start-timer":
        this.#startTimer(effect);
        break;
      case "stop-timer":
        this.#timers.get(effect.timer)?.callOff();
        this.#timers.delete(effect.timer);
        break;
      case "edit-saved":
        for (const id of this.#edits.get(effect.editId) ?? []) this.world.ledger.markSaved(id);
        this.#edits.delete(effect.editId);
        break;
      case "edit-not-saved":
        this.world.count(effect.type);
        break;
      case "password-change-ended":
        this.world.count(`password change: ${effect.outcome}`);
        break;
    }
  }

  #save({ requestId, record }: Effect<"save", Content>): void {
    this.store.write({ record, owner: this.protocol.number }, (isSaved) => {
      if (isSaved) this.#remember(record);
      if (isSaved) this.dispatch({ type: "saved", requestId });
      else this.dispatch({ type: "save-failed", requestId, reason: "disk-full" });
    });
  }

  /** A sequence that nobody vouches for is not what others can have seen. */
  #remember({ synced: { sequence, hash } }: DeviceRecord<Tracked<Content>>): void {
    if (this.world.isRevision(hash)) this.highestSeen = Math.max(this.highestSeen, sequence);
  }

  #fetchHead({ requestId, since }: Effect<"fetch-head", Content>): void {
    const token = this.session?.token ?? "none";
    this.#refusals = 0;
    const { account } = this;
    const after = account === null ? since.sequence : rememberedPoint(account, since).sequence;
    const statesFrom = account?.states.at(-1)?.number ?? 0;
    let isFirst = true;
    this.ask({ type: "get-wallet", token, after, statesFrom }, (answer) => {
      let outcome = fetchOutcome(answer);
      if (this.account !== null && isFirst) {
        const contacted = contact(this.account, since, answer);
        outcome = contacted.outcome;
        this.account = contacted.account;
        this.world.checks.afterContact(this);
        if (outcome.type === "head") this.#rememberOwn(contacted.account, outcome.head, since);
      }
      isFirst = false;
      this.dispatch({ type: "fetched", requestId, outcome });
    });
  }

  /** A push whose answer was lost: the engine knows it again and does not open it, so it enters the memory here. */
  #rememberOwn(account: Account4, head: ReportedHead, since: RevisionRef): void {
    const { session, state, world } = this;
    if (session === null || head.revision.hash !== state?.record.inFlight?.revision.hash) return;
    const opened = this.protocol.open(session.keys, head);
    if (opened.type === "text")
      this.account = withOpened(world.module, account, since, head, opened.upgradedFrom);
  }

  #open(head: ReportedHead, since: RevisionRef): OpenOutcome<Tracked<Content>> {
    this.#refusals = 0;
    const { session, account, world } = this;
    if (session === null) return { type: "rejected", problem: "not-authentic" };
    const opened = this.protocol.open(session.keys, head);
    if (opened.type === "rejected") return opened;
    const { text, line, epoch, upgradedFrom } = opened;
    if (account !== null) {
      const refused = judgeUnknownHead(account, since, head);
      if (refused !== null) return refused;
      this.account = withOpened(world.module, account, since, head, upgradedFrom);
    }
    const content = world.openText(head.revision.hash, text);
    return { type: "opened", content, line, epoch };
  }

  #seal(effect: Effect<"seal", Content>): void {
    const { requestId, content, sequence, parent, line } = effect;
    const world = this.world;
    const next = this.#nextKeys;
    const keys = effect.keys === "current" ? this.session?.keys : keysOfNextPassword(this, next);
    if (keys === undefined || keys === null) {
      this.dispatch({ type: "seal-failed", requestId });
      return;
    }
    const text = world.wallet.serialize(content.content);
    const place = { sequence, parent, line, upgradedFrom: this.account?.upgradedFrom ?? null };
    const wallet = this.protocol.seal(keys, place, text, world.freshText());
    const revision = sealedRevision(wallet);
    world.registerRevision(revision.hash, content);
    this.dispatch({ type: "sealed", requestId, revision });
  }

  #push({ requestId, revision }: Effect<"push", Content>): void {
    this.world.checks.beforePush(this, revision, this.#refusals);
    this.#refusals += 1;
    const token = this.session?.token ?? "none";
    let isFirst = true;
    this.ask({ type: "post-wallet", token, wallet: walletOf(revision) }, (answer) => {
      const outcome = pushOutcome(answer, this.protocol.number === 3);
      if (outcome.type !== "conflict") this.#refusals = 0;
      // The engine hears every answer; whoever asked, only the first.
      if (isFirst && outcome.type === "accepted" && outcome.stored?.hash === revision.hash)
        this.#rememberPushed(revision);
      isFirst = false;
      this.dispatch({ type: "pushed", requestId, outcome });
    });
  }

  #rememberPushed(revision: SealedRevision): void {
    if (this.account === null) return;
    const wallet = walletOf(revision);
    this.account = withNewest(this.world.module, this.account, [headerOf(wallet)], wallet);
  }

  #changePassword({ requestId, revision }: Effect<"change-password", Content>): void {
    const next = this.#nextKeys;
    if (next === null) return;
    sendPasswordChange(this, next, revision === null ? null : walletOf(revision), (outcome) => {
      this.dispatch({ type: "password-change-answered", requestId, outcome });
    });
  }

  #startTimer({ timer, leastMs, mostMs }: Effect<"start-timer", Content>): void {
    this.#timers.get(timer)?.callOff();
    const delayMs = this.world.random.between(Math.floor(leastMs), Math.floor(mostMs));
    const appointment = this.world.schedule.after(delayMs, () => {
      this.#timers.delete(timer);
      this.dispatch({ type: "timer-rang", timer });
    });
    this.#timers.set(timer, appointment);
  }

  /** The session, on its disk before anything relies on it. */
  setSession(session: Session): void {
    this.session = session;
    const { account } = this;
    if (account === null) this.#remembered = session;
    else this.account = { ...account, ...session };
  }

  /** It speaks protocol 4 from now on; what it had of protocol 3 is of no use any more. */
  turnTo4(account: Account4): void {
    this.protocol = modelProtocol4;
    this.account = account;
    this.#remembered = null;
    this.highestSeen = 0;
  }

  /** The person gives up what this device knows of the account and begins anew, with the wallet as it is here. */
  forgetAccount(): void {
    if (!this.pause()) return;
    this.world.count("began anew");
    this.world.tell(`${this.id}: forgets the account, and keeps the wallet`);
    if (this.protocol.number !== this.world.protocol.number) this.highestSeen = 0;
    this.protocol = this.world.protocol;
    this.account = null;
    this.upgrade = null;
    this.keptSince = 0;
    this.toldOf = 0;
    this.resume();
  }

  /** Asks the host; `done` hears every answer, repeated and late ones too, and null when none came in time. */
  ask(
    question: HostQuestion,
    done: (answer: HostAnswer | null) => void,
    protocol: 3 | 4 = this.protocol.number,
  ): void {
    const incarnation = this.#incarnation;
    this.#requests += 1;
    let isFirst = true;
    this.world.ask(this, { ...question, protocol }, (answer) => {
      if (incarnation !== this.#incarnation) return;
      if (isFirst) this.#requests -= 1;
      isFirst = false;
      this.#lie = answer === null ? null : this.world.hostile.lieIn(answer);
      done(answer);
      this.#lie = null;
    });
  }

  /** The same, and only the first answer counts. */
  askOnce(
    question: HostQuestion,
    done: (answer: HostAnswer | null) => void,
    protocol?: 3 | 4,
  ): void {
    let isFirst = true;
    const hear = (answer: HostAnswer | null): void => {
      if (!isFirst) return;
      isFirst = false;
      done(answer);
    };
    this.ask(question, hear, protocol);
  }

  /** Does something after a time between the two, if it is still running then. */
  later(leastMs: number, mostMs: number, run: () => void): void {
    const incarnation = this.#incarnation;
    const lie = this.#lie;
    this.#requests += 1;
    this.world.schedule.after(this.world.random.between(leastMs, mostMs), () => {
      if (incarnation !== this.#incarnation) return;
      this.#requests -= 1;
      this.#lie = lie;
      run();
      this.#lie = null;
    });
  }
}

/** What must hold at every step of every device, whatever happens (SYNC-30 …). Throws `SimulationFailure` when it does not. */
import type {
  ProblemName,
  SealedRevision,
  Step,
  SyncEvent,
  SyncState,
} from "@holdfast/client/engine";
import { hashHeader } from "../crypto/model-keys.ts";
import { hashState } from "../protocols/model-states.ts";
import type { SimDevice } from "./sim-device.ts";
import { SimulationFailure } from "./simulation-failure.ts";
import { seenIn } from "./tracked.ts";
import type { Tracked } from "./tracked.ts";
import type { World } from "./world.ts";

/** Who was away for more revisions than a line holds is on the footing of clients without lines. */
const lineHorizon = 230;

type State<Content> = SyncState<Tracked<Content>>;

export class Checks<Content> {
  readonly #world: World<Content>;

  constructor(world: World<Content>) {
    this.#world = world;
  }

  /** After each step of an engine. */
  afterStep(
    device: SimDevice<Content>,
    before: State<Content>,
    event: SyncEvent<Tracked<Content>>,
    { state: after, effects }: Step<Tracked<Content>>,
  ): void {
    this.#problemsStop(device, event, before, after, effects);
    this.#oneWay(device, before, event, after, effects);
    if (before.record !== after.record) {
      if (before.record.local !== after.record.local) this.#keysGrow(device, before, after);
      this.#world.count("record changed");
      if (before.record.synced !== after.record.synced) {
        this.#waiveDecided(before, event, after);
        this.#isProved(device, before, event, after);
        this.#noRegress(device, before, after);
        this.#exactlyOnce(device, before, after);
        this.#world.count("revision taken");
        if (event.type === "opened") this.#world.count(before.differs ? "merge" : "fast-forward");
      }
      const { problem } = after.record;
      if (problem !== null && before.record.problem === null) {
        this.#world.count(`problem ${problem.name}`);
        if (!device.isLiedTo) this.#world.count(`found out later: ${problem.name}`);
        this.honestIsNotAccused(device, problem.name);
      }
    }
    if (before.view !== after.view) this.#shownIsDurable(device, event, after);
  }

  honestIsNotAccused(device: SimDevice<Content>, problem: ProblemName): void {
    if (this.#world.isHonest)
      this.#fail(device, "SYNC-35", `an honest host was accused: ${problem}`);
  }

  /** A device took this for the account's security states: every one of them was made by a device of the account. */
  afterContact(device: SimDevice<Content>): void {
    for (const state of device.account?.states ?? [])
      if (!this.#world.isState(hashState(state)))
        this.#fail(device, "SYNC-35", "a security state that nobody made was taken over");
  }

  /** A host that lacks what this device keeps has it now, and nothing was brought together that need not be (P4K-59). */
  afterHealing({ id, account }: SimDevice<Content>, what: string): void {
    const { host, options } = this.#world;
    if (account === null || options.isHostile) return;
    const { first, headers } = account.kept;
    const isBefore = headers.slice(0, -1).some((header) => hashHeader(header) === host.headHash);
    const isEmpty = host.head === null && first === 1 && headers.length > 0;
    if (isBefore || isEmpty)
      throw new SimulationFailure(
        "P4K-59",
        `${id} keeps what the host lacks, and it is not healed: ${what}`,
      );
  }

  /** A pairing's message did not open: no honest host changes one. */
  pairingRefused(device: SimDevice<Content>): void {
    if (!this.#world.options.isHostile)
      this.#fail(device, "SYNC-35", "an honest host's pairing was refused");
  }

  /** An upgrade was made from an older or another wallet than the device has seen: so no honest host has it. */
  notContinued(device: SimDevice<Content>, why: "rollback" | "fork"): void {
    if (this.#world.isHonest)
      this.#fail(device, "SYNC-35", `an honest host's upgrade was called a ${why}`);
  }

  /** Before each push: what it relies on is on disk, and a host that refused was asked what it has. */
  beforePush(device: SimDevice<Content>, revision: SealedRevision, refusals: number): void {
    if (refusals > 2 && !this.#world.options.isHostile)
      this.#fail(device, "SYNC-7", "pushes again and again what the host refuses");
    if (device.store.durable?.record.inFlight?.revision.hash !== revision.hash)
      this.#fail(device, "SYNC-2", "a push was sent before it was on disk");
  }

  /** Everything sent to the host: nothing in the clear. */
  beforeSending(device: SimDevice<Content>, text: string): void {
    if (text.includes(this.#world.canary))
      this.#fail(device, "SYNC-36", "a planted secret was sent to the host");
  }

  #problemsStop(
    device: SimDevice<Content>,
    event: SyncEvent<Tracked<Content>>,
    before: State<Content>,
    after: State<Content>,
    effects: Step<Tracked<Content>>["effects"],
  ): void {
    const { activity } = after;
    const isDecided = "decision" in activity && activity.decision !== null;
    if (after.record.problem !== null && !isDecided)
      for (const { type } of effects)
        if (type === "push" || type === "seal" || type === "fetch-head")
          this.#fail(device, "SYNC-10", `goes on with ${type} in spite of a problem`);
    const { inFlight } = before.record;
    if (event.type !== "pushed" || event.outcome.type !== "accepted" || inFlight === null) return;
    const isForThis =
      before.activity.type === "pushing" && before.activity.requestId === event.requestId;
    const { stored = inFlight.revision } = event.outcome;
    if (isForThis && stored.hash !== inFlight.revision.hash && after.record.problem === null)
      this.#fail(device, "SYNC-10", "a receipt for another revision went unnoticed");
  }

  /** Who only pulls sends nothing, and who only pushes takes nothing in. */
  #oneWay(
    device: SimDevice<Content>,
    before: State<Content>,
    event: SyncEvent<Tracked<Content>>,
    after: State<Content>,
    effects: Step<Tracked<Content>>["effects"],
  ): void {
    const pushes = effects.some(
      (effect) => effect.type === "push" || (effect.type === "seal" && effect.keys === "current"),
    );
    if (after.direction === "pull" && pushes)
      this.#fail(device, "SYNC-26", "pushes though it was only to pull");
    const { activity, record } = before;
    const { synced } = after.record;
    if (event.type !== "opened" || before.direction !== "push" || record.synced === synced) return;
    const isDecided = "decision" in activity && activity.decision !== null;
    const isOwn = record.line.some((one) => one.hash === synced.hash);
    if (!isDecided && !isOwn) this.#fail(device, "SYNC-26", "pulls though it was only to push");
  }

  #keysGrow(device: SimDevice<Content>, before: State<Content>, after: State<Content>): void {
    const { wallet } = this.#world;
    const kept = new Set(wallet.keyIds(after.record.local.content));
    for (const id of wallet.keyIds(before.record.local.content))
      if (!kept.has(id)) this.#fail(device, "SYNC-33", `key ${id} is gone`);
  }

  /** Protocol 4: whatever is applied names what this device had before. */
  #isProved(
    device: SimDevice<Content>,
    before: State<Content>,
    event: SyncEvent<Tracked<Content>>,
    after: State<Content>,
  ): void {
    const { activity } = before;
    const { sequence, hash } = before.record.synced;
    if (device.protocol.number === 3 || sequence === 0) return;
    if (event.type !== "opened" || event.outcome.type !== "opened") return;
    const isDecided = "decision" in activity && activity.decision !== null;
    const isAncestor = after.record.synced.sequence <= sequence;
    const isNamed = event.outcome.line.some((one) => one.hash === hash);
    const isOwn = before.record.line.some((one) => one.hash === after.record.synced.hash);
    if (!isNamed && !isDecided && !isAncestor && !isOwn)
      this.#fail(device, "SYNC-35", "a revision was applied that proves nothing");
  }

  #noRegress(device: SimDevice<Content>, before: State<Content>, after: State<Content>): void {
    const { activity } = before;
    const decision = "decision" in activity ? activity.decision : null;
    if (decision === "heal" || decision === "keep-mine") return;
    const [was, is] = [before.record.synced, after.record.synced];
    if (is.sequence < device.toldOf)
      this.#fail(device, "SYNC-32", "a revision is older than what the pairing told of");
    if (this.#world.isForged(is.hash))
      this.#fail(device, "SYNC-35", "what somebody wrote who was shut out was applied");
    const isBackwards = is.sequence < was.sequence;
    const isSwapped = is.sequence === was.sequence && is.hash !== was.hash;
    if (isBackwards || isSwapped)
      this.#fail(
        device,
        "SYNC-32",
        `revision ${String(is.sequence)} was applied after ${String(was.sequence)}`,
      );
    const isBeyondLine = is.sequence - was.sequence > lineHorizon;
    const isDetected = this.#world.canDetectForks || device.protocol.number === 4;
    if (!isDetected || isBeyondLine) return;
    const { era } = this.#world.ledger;
    const isAhead = seenIn(era, was.content).isWithin(seenIn(era, is.content));
    const isAncestor = seenIn(era, is.content).isWithin(seenIn(era, before.record.local));
    if (!isAhead && !isAncestor)
      this.#fail(
        device,
        "SYNC-35",
        `revision ${String(is.sequence)} does not descend from ${String(was.sequence)} and was applied`,
      );
  }

  /** What a person explicitly does without, or has brought back, is no loss. */
  #waiveDecided(
    before: State<Content>,
    event: SyncEvent<Tracked<Content>>,
    after: State<Content>,
  ): void {
    const { ledger } = this.#world;
    // Brought together without a common base: nothing is deleted, so what was removed may come back.
    const { activity } = before;
    const decision = "decision" in activity ? activity.decision : null;
    if (decision === "heal" || decision === "keep-mine") ledger.forgiveRemovals();
    if (event.type !== "opened") return;
    const ours = seenIn(ledger.era, before.record.local);
    const theirs = seenIn(ledger.era, after.record.synced.content);
    const isFirst = before.record.synced.sequence === 0 && before.record.inFlight === null;
    const choice = isFirst ? before.record.firstSync : "merge";
    if (decision === "keep-mine" || choice === "keep-mine")
      ledger.waive(({ id }) => theirs.has(id) && !ours.has(id));
    if (choice === "take-theirs") ledger.waive(({ id }) => ours.has(id) && !theirs.has(id));
  }

  #exactlyOnce(device: SimDevice<Content>, before: State<Content>, after: State<Content>): void {
    const { inFlight } = before.record;
    const { hash, sequence } = after.record.synced;
    if (inFlight?.revision.hash !== hash) return;
    const times = this.#world.host.accepted.get(hash) ?? 0;
    this.#world.count("accepted");
    if (times !== 1 && !this.#world.isLieAbout(hash))
      this.#fail(
        device,
        "SYNC-34",
        `revision ${String(sequence)} counts as accepted and is on the host ${String(times)} times`,
      );
  }

  /** Own edits are shown at once; what came from elsewhere only when a crash can no longer take it back. */
  #shownIsDurable(
    device: SimDevice<Content>,
    event: SyncEvent<Tracked<Content>>,
    after: State<Content>,
  ): void {
    const { durable } = device.store;
    if (durable === null) return;
    const { era } = this.#world.ledger;
    const allowed = seenIn(era, durable.record.local).union(device.ownEdits);
    if (!seenIn(era, after.view).isWithin(allowed))
      this.#fail(device, "SYNC-2", `shown before it was on disk, at ${event.type}`);
  }

  #fail(device: SimDevice<Content>, rule: string, what: string): never {
    throw new SimulationFailure(rule, `${device.id}: ${what}`);
  }
}

/** Everything there is in a simulation: time, chance, the host, the network, the devices, and who checks them. */
import type {
  beginAnew,
  continueRecord,
  ContentFormat,
  Decision,
  FirstSync,
  ProblemName,
  ProtocolRules,
  Step,
  SyncEngine,
  SyncEvent,
  SyncState,
  DeviceRecord,
  extendKept,
  lackOfHeaders,
  lackOfStates,
} from "@holdfast/client/engine";
import { Schedule } from "../clock/schedule.ts";
import { deriveModelKeys, hashWallet } from "../crypto/model-keys.ts";
import type { ModelKeys } from "../crypto/model-keys.ts";
import { HonestHost } from "../host/honest-host.ts";
import type { HostBackup } from "../host/honest-host.ts";
import { HostileHost } from "../host/hostile-host.ts";
import type { AccountState, HostAnswer, HostRequest, StoredWallet } from "../host/wire.ts";
import { FaultyNetwork } from "../network/faulty-network.ts";
import { modelProtocol3 } from "../protocols/model-protocol-3.ts";
import { addGeneration, modelProtocol4, sealRing } from "../protocols/model-protocol-4.ts";
import type { ModelProtocol, SessionKeys } from "../protocols/model-protocol.ts";
import { hashState, stateAfter } from "../protocols/model-states.ts";
import type { Random } from "../random/random.ts";
import { BitSet } from "./bit-set.ts";
import { Checks } from "./checks.ts";
import { Ledger } from "./ledger.ts";
import type { SimulationOptions } from "./options.ts";
import { SimDevice } from "./sim-device.ts";
import { heal } from "./sim-healing.ts";
import type { SimulatedWallet } from "./simulated-wallet.ts";
import { Trace } from "./trace.ts";
import { trackFormat } from "./tracked.ts";
import type { Tracked } from "./tracked.ts";

/** The engine under test: the real one, or one broken on purpose. */
export type EngineModule = {
  readonly createEngine: <Content>(parts: {
    readonly format: ContentFormat<Content>;
    readonly rules: ProtocolRules;
  }) => SyncEngine<Content>;
  readonly newDeviceRecord: <Content>(empty: Content, local: Content) => DeviceRecord<Content>;
  readonly beginAnew: typeof beginAnew;
  readonly continueRecord: typeof continueRecord;
  readonly extendKept: typeof extendKept;
  readonly lackOfHeaders: typeof lackOfHeaders;
  readonly lackOfStates: typeof lackOfStates;
  readonly protocol3Rules: ProtocolRules;
  readonly protocol4Rules: ProtocolRules;
};

export class World<Content> {
  readonly options: SimulationOptions;
  readonly random: Random;
  /** the choices of people and hosts: anew for each thing that happens, so that leaving one out changes no other */
  people: Random;
  /** how many things happened */
  happenings = 0;
  readonly wallet: SimulatedWallet<Content>;
  /** what a device speaks that joins now */
  protocol: ModelProtocol;
  readonly schedule = new Schedule();
  readonly ledger: Ledger<Content>;
  readonly format: ContentFormat<Tracked<Content>>;
  readonly module: EngineModule;
  /** by protocol */
  readonly engines: { readonly [protocol in 3 | 4]: SyncEngine<Tracked<Content>> };
  readonly host: HonestHost;
  readonly hostile: HostileHost;
  readonly network: FaultyNetwork<HostRequest, HostAnswer>;
  readonly checks: Checks<Content>;
  readonly trace = new Trace();
  readonly counts = new Map<string, number>();
  readonly devices: SimDevice<Content>[] = [];
  readonly offline = new Set<SimDevice<Content>>();
  /** in every text that must not leave a device in the clear */
  readonly canary = "canary-";
  /** every password so far, the newest last */
  readonly passwords: string[] = ["canary-password-0"];
  crashRate: number;
  backup: HostBackup | null = null;
  /** the host came back from a backup, some time */
  hasBeenRestored = false;
  noticeLoss = 0;
  steps = 0;
  readonly #revisions = new Map<string, Tracked<Content>>();
  /** what thieves, and through them the host, know of lost devices */
  readonly #stolen: SessionKeys[] = [];
  /** revisions that somebody wrote who was shut out */
  readonly #forged = new Set<string>();
  readonly #states = new Set<string>();
  #fresh = 0;
  #joined = 0;

  constructor(
    options: SimulationOptions,
    random: Random,
    wallet: SimulatedWallet<Content>,
    engine: EngineModule,
  ) {
    this.options = options;
    this.random = random;
    this.people = random;
    this.wallet = wallet;
    this.ledger = new Ledger(wallet);
    this.format = trackFormat(wallet.format, this.ledger.era);
    const { protocol, hasLines, isOriginal } = options;
    this.protocol = protocol === 4 ? modelProtocol4 : modelProtocol3(hasLines);
    this.module = engine;
    const { format } = this;
    this.engines = {
      3: engine.createEngine({ format, rules: engine.protocol3Rules }),
      4: engine.createEngine({ format, rules: engine.protocol4Rules }),
    };
    this.crashRate = options.crashRate;
    const saltSeed = "seed-0";
    const keys = deriveModelKeys(this.passwords[0] ?? "", saltSeed);
    const { login } = keys;
    const maxBytes = 1_000_000;
    const credentials = protocol === 4 ? this.#firstCredentials(keys) : { slot: null, states: [] };
    const account = { protocol, login, saltSeed, ...credentials };
    this.host = new HonestHost({ ...account, isOriginal, maxBytes });
    this.host.onStored = (sequence) => {
      this.#announce(sequence);
    };
    this.hostile = new HostileHost(this.host, random, (act) => {
      this.count(`host: ${act}`);
      this.trace.note(`— host: ${act} —`);
      this.tell(`host: ${act}`);
    });
    this.hostile.acts = options.hostileActs;
    this.hostile.forge = () => this.#forge();
    this.hostile.forkStates = () => this.#forkStates();
    this.host.onUpgrade = () => {
      this.#upgraded();
    };
    this.network = new FaultyNetwork(this.schedule, random, (request) =>
      this.hostile.serve(request),
    );
    this.checks = new Checks(this);
  }

  #firstCredentials(keys: ModelKeys) {
    const ring = addGeneration([], this.freshText(), "");
    const slot = sealRing(ring, keys, this.freshText());
    const state = stateAfter(null, ring, ring, slot);
    this.registerState(state);
    return { slot, states: [state] };
  }

  /** From now on the host speaks protocol 4; a hostile one keeps what it had, and could go on serving it. */
  #upgraded(): void {
    const { saltSeed, login, maxBytes } = this.host;
    const account = { protocol: 3, login, saltSeed, slot: null, states: [] } as const;
    const before = new HonestHost({ ...account, isOriginal: this.options.isOriginal, maxBytes });
    before.restore(this.host.backUp());
    this.hostile.before = before;
    this.hostile.dropFork();
    // A host that goes back behind the upgrade is not part of the model.
    this.backup = null;
    this.protocol = modelProtocol4;
    this.count("upgraded");
    this.tell("host: the account is upgraded");
  }

  /** Whether the host never did anything that a device may complain about. */
  get isHonest(): boolean {
    return !this.options.isHostile && !this.hasBeenRestored;
  }

  /** Whether a device can tell a revision that does not descend from its own. */
  get canDetectForks(): boolean {
    return this.isHonest || this.options.hasLines;
  }

  /** Whether the host may have said that it has this revision and has it not, or no longer. */
  isLieAbout(hash: string): boolean {
    return this.options.isHostile || this.host.undone.has(hash);
  }

  /** What came of everything so far, in few characters. */
  get fingerprint(): string {
    return `${String(this.steps)}-${String(this.schedule.nowMs)}-${this.host.headHash}`;
  }

  /** One thing happens. */
  step(): void {
    this.steps += 1;
    if (!this.schedule.step()) throw new Error("nothing happens any more");
  }

  /** Whether there ever was more than one device. */
  get hasHadCompany(): boolean {
    return this.#joined > 1;
  }

  get living(): readonly SimDevice<Content>[] {
    return this.devices.filter((device) => !device.isGone);
  }

  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  /** Puts what happens into the story, if anybody wants to read it. */
  tell(what: string): void {
    this.options.onTold?.(this.schedule.nowMs, what);
  }

  freshText(): string {
    this.#fresh += 1;
    return `${this.canary}${String(this.#fresh)}`;
  }

  crashesNow(likelier: number): boolean {
    return this.random.chance(this.crashRate * likelier);
  }

  afterStep(
    device: SimDevice<Content>,
    before: SyncState<Tracked<Content>>,
    event: SyncEvent<Tracked<Content>>,
    step: Step<Tracked<Content>>,
  ): void {
    this.trace.add(this.schedule.nowMs, device.id, event, step.state);
    this.checks.afterStep(device, before, event, step);
  }

  ask(
    device: SimDevice<Content>,
    request: HostRequest,
    done: (answer: HostAnswer | null) => void,
  ): void {
    this.checks.beforeSending(device, JSON.stringify(request));
    this.count(request.type);
    if (this.offline.has(device)) {
      this.schedule.after(1, () => {
        done(null);
      });
      return;
    }
    this.network.send(request, (answer) => {
      done(this.offline.has(device) ? null : answer);
    });
  }

  // What happens to devices

  /** A new device, switched off, with nothing but its own empty wallet. */
  join(): SimDevice<Content> {
    const { people: random, ledger } = this;
    this.#joined += 1;
    const id = `d${String(this.#joined)}`;
    const own = { content: this.wallet.format.empty, seen: BitSet.empty, era: ledger.era.number };
    const years = random.pick([0, 0, 0, -3, 5]);
    const device = new SimDevice(this, id, own, years * 365 * 86_400_000);
    this.devices.push(device);
    this.count("join");
    this.tell(`${id}: joins`);
    return device;
  }

  /** A device is lost, with everything on it. */
  lose(device: SimDevice<Content>): void {
    if (device.session !== null) this.#stolen.push(device.session.keys);
    device.crash();
    device.isGone = true;
    this.devices.splice(this.devices.indexOf(device), 1);
    this.count("lost");
    this.tell(`${device.id}: is lost`);
  }

  setOnline(device: SimDevice<Content>, isOnline: boolean): void {
    if (isOnline === !this.offline.has(device)) return;
    if (isOnline) this.offline.delete(device);
    else this.offline.add(device);
    // Not every platform tells.
    this.tell(`${device.id}: ${isOnline ? "online" : "offline"}`);
    if (this.people.chance(0.7))
      device.dispatch({ type: isOnline ? "went-online" : "went-offline" });
  }

  /** A password that nobody used before; it is remembered by everybody. */
  freshPassword(): string {
    const password = `${this.canary}password-${String(this.passwords.length)}`;
    this.passwords.push(password);
    return password;
  }

  freshSaltSeed(): string {
    return this.freshText().replace(this.canary, "seed-");
  }

  changePassword(device: SimDevice<Content>): void {
    if (device.state?.access.type !== "open") return;
    const password = this.freshPassword();
    const isRotation = device.protocol.number === 4 && this.people.chance(0.5);
    this.count(isRotation ? "rotation" : "password change");
    this.tell(`${device.id}: ${isRotation ? "rotation" : "password change"}`);
    device.changePassword({ password, saltSeed: this.freshSaltSeed(), isRotation });
  }

  /** The host is backed up, or comes back as it was when it was last backed up. */
  backUpOrRestore(): void {
    if (this.backup === null || this.people.chance(0.5)) {
      this.backup = this.host.backUp();
      this.tell("host: backed up");
      return;
    }
    this.trace.note(
      `— host restored from sequence ${String(this.host.head?.sequence)} to ${String(this.backup.wallets.at(-1)?.sequence)} —`,
    );
    this.tell("host: restored from its backup");
    this.hostile.dropFork();
    this.hasBeenRestored = true;
    this.host.restore(this.backup);
    this.count("restore");
  }

  decide(device: SimDevice<Content>, decision: Decision): void {
    this.count(`decide ${decision}`);
    this.tell(`${device.id}: decides ${decision}`);
    // Over protocol 4 the host is brought up to date first, as far as this device can.
    if (decision === "heal" && device.account !== null) this.healHost(device);
    else device.decide(decision);
  }

  /** The person has the host healed, and knows every password there ever was. */
  healHost(device: SimDevice<Content>): void {
    const password = this.passwords.at(-1) ?? "";
    heal(device, { password, oldPassword: this.rightPassword() });
  }

  /** The password that the host takes. */
  rightPassword(): string {
    const { saltSeed, login } = this.host;
    const right = this.passwords.findLast(
      (password) => deriveModelKeys(password, saltSeed).login === login,
    );
    if (right === undefined) throw new Error("the host has a password nobody chose");
    return right;
  }

  /** What a login showed does not follow what the device knows of the account; null: it was no answer. */
  loginRefused(device: SimDevice<Content>, problem: ProblemName | null): void {
    if (problem === null) return;
    this.count(`login refused: ${problem}`);
    this.tell(`${device.id}: the login is refused: ${problem}`);
    this.checks.honestIsNotAccused(device, problem);
  }

  chooseFirstSync(device: SimDevice<Content>, choice: FirstSync): void {
    this.count(choice);
    this.tell(`${device.id}: at the first sync ${choice}`);
    device.dispatch({ type: "first-sync-chosen", choice });
  }

  /** Everything so far is settled: begin anew with what there is. */
  beginEra(): void {
    const final = this.devices[0]?.state?.record.local;
    if (final === undefined) throw new Error("no device is left");
    this.ledger.beginEra(final.content);
    this.backup = null;
    for (const device of this.devices) device.ownEdits = BitSet.empty;
    this.#forgetOld();
  }

  // What is inside revisions

  registerRevision(hash: string, content: Tracked<Content>): void {
    this.#revisions.set(hash, content);
  }

  openText(hash: string, text: string): Tracked<Content> {
    const sealed = this.#revisions.get(hash);
    if (sealed === undefined) throw new Error("an authentic revision that nobody sealed");
    const { seen, era } = sealed;
    return { content: this.wallet.parse(text), seen, era };
  }

  #forgetOld(): void {
    this.host.forgetOld();
    const kept = [...this.#revisions].slice(-2000);
    this.#revisions.clear();
    for (const [hash, content] of kept) this.#revisions.set(hash, content);
  }

  /** Whether a device of this account sealed it. */
  isRevision(hash: string): boolean {
    return this.#revisions.has(hash);
  }

  /** A device of the account made this security state. */
  registerState(state: AccountState): void {
    this.#states.add(hashState(state));
  }

  isState(hash: string): boolean {
    return this.#states.has(hash);
  }

  isForged(hash: string): boolean {
    return this.#forged.has(hash);
  }

  /** A thief who was shut out by a rotation writes the next revision with the keys of a lost device. */
  #forge(): StoredWallet | null {
    const { host, wallet } = this;
    const keys = this.#stolen.find(({ ring }) => (ring.at(-1)?.epoch ?? 0) < host.epoch);
    if (keys === undefined || host.head === null) return null;
    const { sequence } = host.head;
    const parent = { sequence, hash: host.headHash };
    const place = { sequence: sequence + 1, parent, line: [], upgradedFrom: null };
    const text = wallet.serialize(wallet.format.empty);
    const forged = modelProtocol4.seal(keys, place, text, this.freshText());
    const hash = hashWallet(forged);
    this.#forged.add(hash);
    this.registerRevision(hash, this.format.empty);
    return forged;
  }

  /** A thief who was shut out makes a state of their own in the place of the one that shut them out. */
  #forkStates(): readonly AccountState[] | null {
    const { host } = this;
    const keys = this.#stolen.find(({ ring }) => (ring.at(-1)?.epoch ?? 0) < host.epoch);
    if (keys === undefined) return null;
    const epoch = keys.ring.at(-1)?.epoch ?? 0;
    const own = host.states.filter((state) => state.epoch <= epoch);
    const newest = own.at(-1);
    if (newest === undefined) return null;
    const forged = stateAfter(newest, keys.ring, keys.ring, this.freshText());
    return [...own, forged];
  }

  #announce(sequence: number): void {
    for (const device of this.devices) {
      if (!device.isOn || device.session === null || this.random.chance(this.noticeLoss)) continue;
      this.network.carry(() => {
        if (!this.offline.has(device)) device.dispatch({ type: "noticed", sequence });
      });
    }
  }
}

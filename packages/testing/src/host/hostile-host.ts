/**
 * A host of the worst kind: it keeps the honest one's account and does to each request what comes into its mind. It has
 * everything a real one would have (ciphertext, tokens, time) and no key.
 */
import type { Random } from "../random/random.ts";
import type { HonestHost } from "./honest-host.ts";
import { hashWallet, headerOf } from "../crypto/model-keys.ts";
import { brokenChain, garbage, tampered } from "./lies.ts";
import { hashState } from "../protocols/model-states.ts";
import { walletIn } from "./wire.ts";
import type { AccountState, HostAnswer, HostRequest, StoredWallet } from "./wire.ts";

const denied: HostAnswer = { status: 401, body: { error: "Unauthorized: Token Not Found" } };
const tooLarge: HostAnswer = { status: 413, body: { error: "Request Entity Too Large" } };
const noWallet: HostAnswer = { status: 404, body: { error: "Not Found: No wallet" } };

/** What it does to questions for the wallet. */
const readActs = [
  "roll-back",
  "withhold",
  "tamper",
  "claim-empty",
  "garbage",
  "deny",
  "busy",
] as const;
/** … and in protocol 4 besides. */
const chainActs = ["break-chain", "splice", "forge"] as const;
/** … and to the security states, wherever it shows them. */
const stateActs = ["old-states", "hold-back-states", "forge-states", "fork-states"] as const;
/** What it does to what is to heal it. */
const healActs = [
  "accept-and-drop",
  "false-receipt",
  "garbage",
  "store-and-garbage",
  "deny",
] as const;
/** What it does to pushes. */
const writeActs = [
  "accept-and-drop",
  "store-and-refuse",
  "store-and-claim-too-large",
  "claim-too-large",
  "false-receipt",
  "store-and-garbage",
  "garbage",
  "deny",
  "overwrite",
] as const;

export type HostileAct =
  | (typeof readActs)[number]
  | (typeof chainActs)[number]
  | (typeof writeActs)[number]
  | (typeof stateActs)[number]
  | "wrong-salt-seed"
  | "swap-message"
  | "withhold-message"
  | "replay";

/** What it begins and goes on with. */
type HostilePlan = "fork" | "end of fork" | "keep-protocol-3";

/** A second line, shown to some devices only. */
type Fork = { readonly devices: ReadonlySet<string>; wallets: StoredWallet[] };

export class HostileHost {
  /** how likely it does something to a request */
  malice = 0;
  /** all that it does; null: whatever comes into its mind */
  acts: readonly HostileAct[] | null = null;
  /** a revision written with stolen keys of an older state, if it has any */
  forge: () => StoredWallet | null = () => null;
  /** a state that a former device made in the place of a newer one, with what stands before it; null: there is no such device */
  forkStates: () => readonly AccountState[] | null = () => null;
  /** it still serves protocol 3 to who asks by it, from what it had before the account was upgraded */
  keepsProtocol3 = false;
  /** what it had before the account was upgraded */
  before: HonestHost | null = null;
  readonly #honest: HonestHost;
  readonly #random: Random;
  readonly #onAct: (act: HostileAct | HostilePlan) => void;
  #fork: Fork | null = null;
  readonly #lies = new WeakMap<HostAnswer, string>();
  #lastAnswers = new Map<string, HostAnswer>();

  constructor(honest: HonestHost, random: Random, onAct: (act: HostileAct | HostilePlan) => void) {
    this.#honest = honest;
    this.#random = random;
    this.#onAct = onAct;
  }

  /** Shows these devices a line of their own from now on. */
  startFork(devices: readonly string[]): void {
    if (this.#fork !== null) return;
    this.#fork = { devices: new Set(devices), wallets: [...this.#honest.wallets] };
    this.#onAct("fork");
  }

  /** Shows everybody the same line again: one of the two. */
  endFork(): void {
    if (this.#fork === null) return;
    const { wallets } = this.#fork;
    this.#fork = null;
    this.#onAct("end of fork");
    if (this.#random.chance(0.5)) this.#honest.replaceLine(wallets);
  }

  /** Forgets the second line, whoever was shown it. */
  dropFork(): void {
    this.#fork = null;
  }

  serve(request: HostRequest): HostAnswer {
    const old = request.protocol === 3 && request.type !== "upgrade" ? this.before : null;
    if (old !== null && this.keepsProtocol3) {
      this.#onAct("keep-protocol-3");
      return old.serve(request);
    }
    const act = this.#random.chance(this.malice) ? this.#choose(request) : null;
    if (act === null) return this.#remember(request, this.#serveHonestly(request));
    this.#onAct(act);
    const answer = this.#withStates(request, { ...this.#do(act, request) });
    this.#lies.set(answer, act);
    return answer;
  }

  /** What was done to this answer; null: nothing. */
  lieIn(answer: HostAnswer): string | null {
    return this.#lies.get(answer) ?? null;
  }

  #serveHonestly(request: HostRequest): HostAnswer {
    const token = "token" in request ? request.token : null;
    const device = token === null ? null : this.#honest.deviceOf(token);
    const fork = this.#fork;
    // New keys are for one line, so a host that shows two puts off whoever wants them.
    const isRotation =
      request.type === "change-password" &&
      request.change !== null &&
      request.change.state.epoch > this.#honest.epoch;
    if (fork !== null && (isRotation || request.type === "upgrade"))
      return { status: 503, body: { error: "later" } };
    if (fork === null || device === null || !fork.devices.has(device))
      return this.#honest.serve(request);
    const [answer, wallets] = this.#honest.serveWith(fork.wallets, request);
    fork.wallets = wallets;
    return answer;
  }

  #choose(request: HostRequest): HostileAct | null {
    const { acts } = this;
    const possible = this.#actsFor(request).filter(
      (act) =>
        (acts?.includes(act) ?? true) &&
        (act !== "forge" || this.forge() !== null) &&
        (act !== "fork-states" || this.forkStates() !== null),
    );
    return possible.length === 0 ? null : this.#random.pick(possible);
  }

  #actsFor({ type }: HostRequest): readonly HostileAct[] {
    switch (type) {
      case "get-wallet":
        if (this.#random.chance(0.1)) return ["replay"];
        return this.#honest.epoch > 0 ? [...readActs, ...chainActs, ...stateActs] : readActs;
      case "post-wallet":
        return this.#random.chance(0.1) ? ["replay"] : writeActs;
      case "get-salt-seed":
        return ["wrong-salt-seed", "garbage"];
      case "log-in":
      case "log-in-by-key":
        return this.#honest.epoch > 0 ? ["garbage", ...stateActs] : ["garbage"];
      case "get-states":
        return ["garbage", "deny", ...stateActs];
      case "heal-states":
      case "heal-wallet":
        return healActs;
      case "change-password":
      case "upgrade":
        return ["garbage", "deny", "store-and-garbage"];
      case "start-pairing":
        return ["garbage", "store-and-garbage"];
      case "put-pairing":
        return ["garbage", "deny", "accept-and-drop"];
      case "get-pairing":
        return ["garbage", "swap-message", "withhold-message"];
    }
  }

  #do(act: HostileAct, request: HostRequest): HostAnswer {
    const { head } = this.#honest;
    switch (act) {
      case "replay":
        return this.#lastAnswers.get(request.type) ?? garbage(this.#random);
      case "roll-back":
        return this.#older(20);
      case "withhold":
        return this.#older(2);
      case "break-chain":
        return this.#withChain(request, (headers) => brokenChain(this.#random, headers));
      case "splice":
        return this.#splice(request);
      case "forge":
        return this.#forge(request);
      case "tamper":
        return head === null ? noWallet : { status: 200, body: tampered(this.#random, head) };
      case "claim-empty":
        return noWallet;
      case "garbage":
        return garbage(this.#random);
      case "deny":
        return denied;
      case "busy":
        return { status: this.#random.pick([429, 503]), body: { error: "later" } };
      case "accept-and-drop":
        return this.#pretend(request);
      case "store-and-refuse":
        this.#serveHonestly(request);
        return { ...this.#older(3), status: 409 };
      case "store-and-claim-too-large":
        this.#serveHonestly(request);
        return tooLarge;
      case "claim-too-large":
        return tooLarge;
      case "false-receipt":
        return this.#older(3);
      case "store-and-garbage":
        this.#serveHonestly(request);
        return garbage(this.#random);
      case "overwrite":
        return this.#overwrite(request);
      case "old-states":
      case "hold-back-states":
      case "forge-states":
      case "fork-states":
        return this.#withOtherStates(act, request);
      case "swap-message":
        return this.#swapMessage();
      case "withhold-message":
        return { status: 204, body: null };
      case "wrong-salt-seed":
        return { status: 200, body: { clientSaltSeed: "another-seed" } };
    }
  }

  /** Whatever it says of the wallet, it shows the states before it: by themselves they are as they should be. */
  #withStates({ type, protocol }: HostRequest, { status, body }: HostAnswer): HostAnswer {
    const isAbout = type === "get-wallet" && protocol === 4 && (status === 200 || status === 404);
    if (!isAbout || typeof body !== "object" || body === null || "states" in body)
      return { status, body };
    return { status, body: { ...body, states: this.#honest.states } };
  }

  #withOtherStates(act: (typeof stateActs)[number], request: HostRequest): HostAnswer {
    const { status, body } = this.#serveHonestly(request);
    const { states } = this.#honest;
    if (status !== 200 && status !== 404) return { status, body };
    return { status, body: { ...(body as object), states: this.#otherStates(act, states) } };
  }

  #otherStates(
    act: (typeof stateActs)[number],
    states: readonly AccountState[],
  ): readonly AccountState[] {
    const newest = states.at(-1);
    if (newest === undefined) return states;
    switch (act) {
      case "old-states":
        return states.slice(0, this.#random.between(1, states.length));
      case "hold-back-states":
        return states.toSpliced(this.#random.below(states.length), 1);
      case "forge-states":
        return [...states, { ...newest, number: newest.number + 1, parent: hashState(newest) }];
      case "fork-states":
        return this.forkStates() ?? states;
    }
  }

  #pretend(request: HostRequest): HostAnswer {
    if (request.type !== "heal-wallet")
      return { status: 200, body: "wallet" in request ? request.wallet : {} };
    const { newest } = request;
    const ref = newest === null ? {} : { sequence: newest.sequence, hash: hashWallet(newest) };
    return { status: 200, body: ref };
  }

  /** Another pairing's message, or one that nobody made. */
  #swapMessage(): HostAnswer {
    const { messages } = this.#honest.pairings;
    const message = this.#random.pick([...messages, "made-up.message"]);
    return { status: 200, body: { message } };
  }

  /** The newest revision, with something done to the headers that lead to it. */
  #withChain(
    request: HostRequest,
    change: (headers: readonly unknown[]) => readonly unknown[],
  ): HostAnswer {
    const { status, body } = this.#serveHonestly(request);
    if (status !== 200 || typeof body !== "object" || body === null || !("headers" in body))
      return { status, body };
    const headers = body.headers as readonly unknown[];
    return { status, body: { ...body, headers: change(headers) } };
  }

  /** An older revision at the end of the chain that leads to the newest. */
  #splice(request: HostRequest): HostAnswer {
    const { status, body } = this.#serveHonestly(request);
    const older = this.#older(5);
    if (status !== 200 || older.status !== 200) return { status, body };
    return { status, body: { ...(body as object), ...(older.body as object) } };
  }

  #forge(request: HostRequest): HostAnswer {
    const { head } = this.#honest;
    const forged = this.forge();
    if (forged === null || head === null) return this.#serveHonestly(request);
    const answer = this.#withChain(request, (headers) => [...headers, headerOf(head)]);
    if (answer.status !== 200) return answer;
    return { ...answer, body: { ...(answer.body as object), ...forged } };
  }

  /** A revision that was the newest one once, a few back. */
  #older(most: number): HostAnswer {
    const wallets = this.#honest.wallets.filter((wallet) => wallet.encryptedWallet !== "");
    const wallet = wallets.at(-this.#random.between(1, Math.min(most, wallets.length)));
    return wallet === undefined ? noWallet : { status: 200, body: wallet };
  }

  /**
   * Takes a push in the place of whatever stood there and after it. In protocol 4 only where it follows, and not where
   * a rotation closed the line: a host that cuts there has destroyed its copy, and every device says so for ever.
   */
  #overwrite(request: HostRequest): HostAnswer {
    const wallet = "wallet" in request ? request.wallet : null;
    const { wallets } = this.#honest;
    const lowest = Math.max((wallets.at(-1)?.sequence ?? 0) - 5, this.#honest.closedSequence);
    if (wallet === null || wallet.sequence <= lowest) return this.#serveHonestly(request);
    const kept = wallets.filter((other) => other.sequence < wallet.sequence);
    const before = kept.at(-1);
    const parent = before === undefined ? "" : hashWallet(before);
    const follows = wallet.parent === parent && wallet.epoch === this.#honest.epoch;
    if (wallet.parent !== undefined && !follows) return this.#serveHonestly(request);
    this.#honest.replaceLine([...kept, wallet]);
    return { status: 200, body: wallet };
  }

  #remember(request: HostRequest, answer: HostAnswer): HostAnswer {
    if (walletIn(answer.body) !== null) this.#lastAnswers.set(request.type, answer);
    return answer;
  }
}

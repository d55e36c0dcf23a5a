/**
 * A host of the worst kind: it keeps the honest one's account and does to each request what comes into its mind. It has
 * everything a real one would have (ciphertext, tokens, time) and no key.
 */
import type { Random } from "../random/random.ts";
import type { HonestHost } from "./honest-host.ts";
import { hashWallet, headerOf } from "../crypto/model-keys.ts";
import { brokenChain, garbage, tampered } from "./lies.ts";
import { walletIn } from "./wire.ts";
import type { HostAnswer, HostRequest, StoredWallet } from "./wire.ts";

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
  | "wrong-salt-seed"
  | "replay";

/** A second line, shown to some devices only. */
type Fork = { readonly devices: ReadonlySet<string>; wallets: StoredWallet[] };

export class HostileHost {
  /** how likely it does something to a request */
  malice = 0;
  /** all that it does; null: whatever comes into its mind */
  acts: readonly HostileAct[] | null = null;
  /** a revision written with stolen keys of an older state, if it has any */
  forge: () => StoredWallet | null = () => null;
  readonly #honest: HonestHost;
  readonly #random: Random;
  readonly #onAct: (act: HostileAct | "fork" | "end of fork") => void;
  #fork: Fork | null = null;
  readonly #lies = new WeakMap<HostAnswer, string>();
  #lastAnswers = new Map<string, HostAnswer>();

  constructor(
    honest: HonestHost,
    random: Random,
    onAct: (act: HostileAct | "fork" | "end of fork") => void,
  ) {
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

  serve(request: HostRequest): HostAnswer {
    const act = this.#random.chance(this.malice) ? this.#choose(request) : null;
    if (act === null) return this.#remember(request, this.#serveHonestly(request));
    this.#onAct(act);
    const answer = { ...this.#do(act, request) };
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
    if (fork !== null && request.type === "change-password" && request.rotation !== undefined)
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
      (act) => (acts?.includes(act) ?? true) && (act !== "forge" || this.forge() !== null),
    );
    return possible.length === 0 ? null : this.#random.pick(possible);
  }

  #actsFor({ type }: HostRequest): readonly HostileAct[] {
    switch (type) {
      case "get-wallet":
        if (this.#random.chance(0.1)) return ["replay"];
        return this.#honest.epoch > 0 ? [...readActs, ...chainActs] : readActs;
      case "post-wallet":
        return this.#random.chance(0.1) ? ["replay"] : writeActs;
      case "get-salt-seed":
        return ["wrong-salt-seed", "garbage"];
      case "log-in":
        return ["garbage"];
      case "change-password":
        return ["garbage", "deny", "store-and-garbage"];
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
        return { status: 200, body: "wallet" in request ? request.wallet : {} };
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
      case "wrong-salt-seed":
        return { status: 200, body: { clientSaltSeed: "another-seed" } };
    }
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
    const { wallets } = this.#honest;
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

/** A host of one account that does what its protocol says, and remembers what it did. */
import { hashHeader, hashText, hashWallet, headerOf } from "../crypto/model-keys.ts";
import { follows } from "../protocols/model-states.ts";
import { Pairings } from "./pairings.ts";
import type {
  AccountState,
  Healing,
  HostAnswer,
  HostQuestion,
  HostRequest,
  PasswordRecord,
  StoredWallet,
} from "./wire.ts";

/** What a host keeps of an account beside its wallets. */
type Account = PasswordRecord & {
  readonly protocol: 3 | 4;
  /** protocol 4: the keys, sealed under the password */
  readonly slot: string | null;
  /** protocol 4: from the first to the newest */
  readonly states: readonly AccountState[];
};

export type HostOptions = Account & {
  /** the original answers 200 and 409 without the wallet */
  readonly isOriginal: boolean;
  /** refuses larger sealed wallets */
  readonly maxBytes: number;
};

/** What a backup of the host holds. */
export type HostBackup = {
  readonly account: Account;
  readonly tokens: ReadonlyMap<string, string>;
  readonly wallets: readonly StoredWallet[];
};

type Question<Type extends HostQuestion["type"]> = Extract<HostQuestion, { type: Type }>;

export class HonestHost {
  readonly #isOriginal: boolean;
  #account: Account;
  /** token → device */
  #tokens = new Map<string, string>();
  #wallets: StoredWallet[] = [];
  #issued = 0;
  /** how often each revision was accepted, by its hash */
  readonly accepted = new Map<string, number>();
  /** what was accepted and then undone by restoring a backup */
  readonly undone = new Set<string>();
  readonly pairings = new Pairings();
  maxBytes: number;
  /** called after each stored wallet */
  onStored: (sequence: number) => void = () => undefined;
  /** called before the account becomes one of protocol 4 */
  onUpgrade: () => void = () => undefined;

  constructor({ isOriginal, maxBytes, ...account }: HostOptions) {
    this.#isOriginal = isOriginal;
    this.#account = account;
    this.maxBytes = maxBytes;
  }

  /** Every revision in its line, oldest first; the newest is the head. */
  get wallets(): readonly StoredWallet[] {
    return this.#wallets;
  }

  get head(): StoredWallet | null {
    return this.#wallets.at(-1) ?? null;
  }

  get headHash(): string {
    return this.head === null ? "" : hashWallet(this.head);
  }

  get protocol(): 3 | 4 {
    return this.#account.protocol;
  }

  get login(): string {
    return this.#account.login;
  }

  get saltSeed(): string {
    return this.#account.saltSeed;
  }

  get states(): readonly AccountState[] {
    return this.#account.states;
  }

  /** Where the newest security state ends what was written under older ones. */
  get closedSequence(): number {
    const closedAt = this.#newest?.closedAt ?? "";
    return this.#wallets.find((wallet) => hashWallet(wallet) === closedAt)?.sequence ?? 0;
  }

  /** Which keys the newest security state names; 0 in protocol 3. */
  get epoch(): number {
    return this.#newest?.epoch ?? 0;
  }

  get #newest(): AccountState | undefined {
    return this.#account.states.at(-1);
  }

  /** The device a token was given to; null: the token is not good. */
  deviceOf(token: string): string | null {
    return this.#tokens.get(token) ?? null;
  }

  /** Puts another line in the place of its own; what it had and the other has not is undone. */
  replaceLine(wallets: readonly StoredWallet[]): void {
    for (const hash of this.accepted.keys()) this.undone.add(hash);
    this.#wallets = [...wallets];
    this.#countAccepted();
  }

  /** Serves one request as if this were its line, and answers what became of it. */
  serveWith(line: readonly StoredWallet[], request: HostRequest): [HostAnswer, StoredWallet[]] {
    const own = this.#wallets;
    this.#wallets = [...line];
    const answer = this.serve(request);
    const other = this.#wallets;
    this.#wallets = own;
    return [answer, other];
  }

  /** Forgets what lies far back, so that a long run does not fill the memory. */
  forgetOld(): void {
    this.#wallets = this.#wallets.slice(-100);
    this.undone.clear();
    this.#countAccepted();
  }

  #countAccepted(): void {
    this.accepted.clear();
    for (const wallet of this.#wallets) this.accepted.set(hashWallet(wallet), 1);
  }

  backUp(): HostBackup {
    return {
      account: this.#account,
      tokens: new Map(this.#tokens),
      wallets: [...this.#wallets],
    };
  }

  restore(backup: HostBackup): void {
    this.#account = backup.account;
    this.#tokens = new Map(backup.tokens);
    this.replaceLine(backup.wallets);
  }

  serve(request: HostRequest): HostAnswer {
    if (request.protocol !== this.protocol && request.type !== "upgrade") return otherProtocol;
    switch (request.type) {
      case "get-wallet":
        return this.#getWallet(request);
      case "post-wallet":
        return this.#postWallet(request.token, request.wallet);
      case "get-salt-seed":
        return { status: 200, body: { clientSaltSeed: this.saltSeed } };
      case "log-in":
        if (request.login !== this.login) return loginRefused;
        return this.#openSession(request.deviceId);
      case "log-in-by-key":
        if (hashText(request.proof) !== this.#newest?.authority) return loginRefused;
        return this.#openSession(request.deviceId);
      case "change-password":
        return this.#changePassword(request);
      case "get-states":
        if (!this.#tokens.has(request.token)) return tokenNotFound;
        return { status: 200, body: { states: this.states } };
      case "heal-states":
        return this.#healStates(request);
      case "heal-wallet":
        return this.#healWallet(request);
      case "start-pairing":
      case "get-pairing":
        return this.pairings.serve(request);
      case "put-pairing":
        return this.#tokens.has(request.token) ? this.pairings.serve(request) : tokenNotFound;
      case "upgrade":
        return this.#upgrade(request);
    }
  }

  #getWallet({ token, after, statesFrom }: Question<"get-wallet">): HostAnswer {
    if (!this.#tokens.has(token)) return tokenNotFound;
    const { head } = this;
    const is4 = this.protocol === 4;
    const states = this.states.slice(Math.max(0, Math.min(statesFrom, this.states.length) - 1));
    const more = is4 ? { states } : {};
    if (head === null) return { status: 404, body: { error: "Not Found: No wallet", ...more } };
    if (!is4) return { status: 200, body: head };
    const headers = this.#wallets
      .filter(({ sequence }) => sequence >= after && sequence < head.sequence)
      .map(headerOf);
    return { status: 200, body: { ...head, headers, ...more } };
  }

  #postWallet(token: string, wallet: StoredWallet): HostAnswer {
    if (!this.#tokens.has(token)) return tokenNotFound;
    if (wallet.encryptedWallet.length > this.maxBytes) return tooLarge;
    const isRepeated = this.protocol === 4 && hashWallet(wallet) === this.headHash;
    const isSilent = this.#isOriginal && this.protocol === 3;
    if (!isRepeated && !this.#append(wallet)) {
      const state = isSilent ? {} : this.head;
      return { status: 409, body: { error: "Conflict: Bad sequence number", ...state } };
    }
    return { status: 200, body: isSilent ? {} : wallet };
  }

  #openSession(deviceId: string): HostAnswer {
    for (const [token, device] of this.#tokens) if (device === deviceId) this.#tokens.delete(token);
    this.#issued += 1;
    const token = `token-${String(this.#issued)}`;
    this.#tokens.set(token, deviceId);
    const { slot, states } = this.#account;
    return { status: 200, body: { token, slot, states } };
  }

  #changePassword(request: Question<"change-password">): HostAnswer {
    const { change, login, saltSeed, wallet } = request;
    const newest = this.#newest;
    if (change !== null && newest !== undefined) {
      const { state, slot, proof } = change;
      if (hashText(proof) !== newest.authority) return loginRefused;
      const isRotation = state.epoch > newest.epoch;
      const isAllowed = follows(newest, state) && (!isRotation || state.closedAt === this.headHash);
      if (!isAllowed || state.slot !== hashText(slot)) return badSequence;
      const states = [...this.states, state];
      this.#account = { ...this.#account, login, saltSeed, slot, states };
    } else {
      if (request.oldLogin !== this.login) return loginRefused;
      if ((wallet !== null) !== (this.head !== null)) return badSequence;
      if (wallet !== null) {
        if (wallet.encryptedWallet.length > this.maxBytes) return tooLarge;
        if (!this.#append(wallet)) return badSequence;
      }
      this.#account = { ...this.#account, login, saltSeed };
    }
    this.#tokens.clear();
    return { status: 200, body: {} };
  }

  #append(wallet: StoredWallet): boolean {
    if (wallet.sequence !== (this.head?.sequence ?? 0) + 1) return false;
    if (this.protocol === 4) {
      const { parent, epoch } = wallet;
      if (parent !== this.headHash || epoch !== this.epoch) return false;
    }
    this.#wallets.push(wallet);
    const hash = hashWallet(wallet);
    this.accepted.set(hash, (this.accepted.get(hash) ?? 0) + 1);
    this.onStored(wallet.sequence);
    return true;
  }

  /** States that follow its own, with the headers that they close; everything or nothing. */
  #healStates(request: Question<"heal-states">): HostAnswer {
    const { token, states, slot, password } = request;
    const device = this.deviceOf(token);
    if (device === null) return tokenNotFound;
    let newest = this.#newest;
    for (const state of states) {
      if (newest === undefined || !follows(newest, state)) return badSequence;
      newest = state;
    }
    const kept = slot ?? this.#account.slot ?? "";
    if (newest?.slot !== hashText(kept)) return badSequence;
    const before = this.#account;
    const after = { ...before, ...password, slot: kept, states: [...this.states, ...states] };
    this.#account = after;
    if (!this.#appendHealed(request)) {
      this.#account = before;
      return badSequence;
    }
    this.#tokens.clear();
    return this.#openSession(device);
  }

  #healWallet(request: Question<"heal-wallet">): HostAnswer {
    if (!this.#tokens.has(request.token)) return tokenNotFound;
    if (!this.#appendHealed(request)) return badSequence;
    return { status: 200, body: { sequence: this.head?.sequence ?? 0, hash: this.headHash } };
  }

  /** Headers from its own head on, the last with its body. */
  #appendHealed({ headers, newest }: Healing): boolean {
    let [parent, sequence] = [this.headHash, this.head?.sequence ?? 0];
    for (const header of headers) {
      if (header.parent !== parent || header.sequence !== sequence + 1) return false;
      [parent, sequence] = [hashHeader(header), header.sequence];
    }
    const last = headers.at(-1);
    if ((newest === null ? "" : hashWallet(newest)) !== (last === undefined ? "" : parent))
      return false;
    const closedAt = this.#newest?.closedAt ?? "";
    const epoch = last?.epoch ?? this.head?.epoch ?? 0;
    if (epoch < this.epoch && closedAt !== parent) return false;
    if (newest === null) return true;
    const without = headers.slice(0, -1).map(({ bodyHash, ...header }) => ({
      ...header,
      encryptedWallet: "",
      hmac: "",
      bodyHash,
    }));
    for (const wallet of [...without, newest]) {
      this.#wallets.push(wallet);
      const hash = hashWallet(wallet);
      this.accepted.set(hash, (this.accepted.get(hash) ?? 0) + 1);
      this.undone.delete(hash);
    }
    this.onStored(newest.sequence);
    return true;
  }

  /** In one step: credentials, keys and the wallet as revision 1; afterwards protocol 3 is refused. */
  #upgrade(request: Question<"upgrade">): HostAnswer {
    const { oldLogin, base, wallet, state, slot, login, saltSeed, deviceId } = request;
    if (this.protocol === 4) return otherProtocol;
    if (oldLogin !== this.login) return loginRefused;
    if (base !== (this.head?.hmac ?? null)) return badSequence;
    this.onUpgrade();
    this.#account = { protocol: 4, login, saltSeed, slot, states: [state] };
    this.#wallets = [];
    this.#tokens.clear();
    if (wallet !== null) this.#append(wallet);
    return this.#openSession(deviceId);
  }
}

const tokenNotFound: HostAnswer = {
  status: 401,
  body: { error: "Unauthorized: Token Not Found" },
};
const loginRefused: HostAnswer = {
  status: 401,
  body: { error: "Unauthorized: No match for email and password" },
};
const otherProtocol: HostAnswer = {
  status: 403,
  body: { error: "Forbidden: This account uses another protocol" },
};
const tooLarge: HostAnswer = { status: 413, body: { error: "Request Entity Too Large" } };
const badSequence: HostAnswer = {
  status: 409,
  body: { error: "Conflict: Bad sequence number or wallet does not exist" },
};

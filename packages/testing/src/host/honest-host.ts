/** A host of one account that does what its protocol says, and remembers what it did. */
import { hashWallet, headerOf } from "../crypto/model-keys.ts";
import type { HostAnswer, HostRequest, StoredWallet } from "./wire.ts";

export type HostOptions = {
  readonly protocol: 3 | 4;
  /** protocol 4: the keys, sealed under the first password */
  readonly slot: string | null;
  /** the original answers 200 and 409 without the wallet */
  readonly isOriginal: boolean;
  /** refuses larger sealed wallets */
  readonly maxBytes: number;
  readonly login: string;
  readonly saltSeed: string;
};

/** What a backup of the host holds. */
export type HostBackup = {
  readonly login: string;
  readonly saltSeed: string;
  readonly slot: string | null;
  readonly epoch: number;
  readonly tokens: ReadonlyMap<string, string>;
  readonly wallets: readonly StoredWallet[];
};

export class HonestHost {
  readonly #options: HostOptions;
  #login: string;
  #saltSeed: string;
  #slot: string | null;
  #epoch: number;
  #closedSequence = 0;
  /** token → device */
  #tokens = new Map<string, string>();
  #wallets: StoredWallet[] = [];
  #issued = 0;
  /** how often each revision was accepted, by its hash */
  readonly accepted = new Map<string, number>();
  /** what was accepted and then undone by restoring a backup */
  readonly undone = new Set<string>();
  maxBytes: number;
  /** called after each stored wallet */
  onStored: (sequence: number) => void = () => undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#login = options.login;
    this.#saltSeed = options.saltSeed;
    this.#slot = options.slot;
    this.#epoch = options.protocol === 4 ? 1 : 0;
    this.maxBytes = options.maxBytes;
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

  get saltSeed(): string {
    return this.#saltSeed;
  }

  get slot(): string | null {
    return this.#slot;
  }

  /** Where the newest security state ends what was written under older ones. */
  get closedSequence(): number {
    return this.#closedSequence;
  }

  /** The newest security state; 0 in protocol 3. */
  get epoch(): number {
    return this.#epoch;
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

  get login(): string {
    return this.#login;
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
      login: this.#login,
      saltSeed: this.#saltSeed,
      slot: this.#slot,
      epoch: this.#epoch,
      tokens: new Map(this.#tokens),
      wallets: [...this.#wallets],
    };
  }

  restore(backup: HostBackup): void {
    this.#login = backup.login;
    this.#saltSeed = backup.saltSeed;
    this.#slot = backup.slot;
    this.#epoch = backup.epoch;
    this.#tokens = new Map(backup.tokens);
    this.replaceLine(backup.wallets);
  }

  serve(request: HostRequest): HostAnswer {
    switch (request.type) {
      case "get-wallet":
        return this.#getWallet(request.token, request.after ?? 0);
      case "post-wallet":
        return this.#postWallet(request.token, request.wallet);
      case "get-salt-seed":
        return { status: 200, body: { clientSaltSeed: this.#saltSeed } };
      case "log-in":
        return this.#logIn(request.login, request.deviceId);
      case "change-password":
        return this.#changePassword(request);
    }
  }

  #getWallet(token: string, after: number): HostAnswer {
    if (!this.#tokens.has(token)) return tokenNotFound;
    const { head } = this;
    if (head === null) return { status: 404, body: { error: "Not Found: No wallet" } };
    if (this.#options.protocol === 3) return { status: 200, body: head };
    const headers = this.#wallets
      .filter(({ sequence }) => sequence >= after && sequence < head.sequence)
      .map(headerOf);
    return { status: 200, body: { ...head, headers } };
  }

  #postWallet(token: string, wallet: StoredWallet): HostAnswer {
    if (!this.#tokens.has(token)) return tokenNotFound;
    if (wallet.encryptedWallet.length > this.maxBytes) return tooLarge;
    const isRepeated = this.#options.protocol === 4 && hashWallet(wallet) === this.headHash;
    if (!isRepeated && !this.#append(wallet)) {
      const state = this.#options.isOriginal ? {} : this.head;
      return { status: 409, body: { error: "Conflict: Bad sequence number", ...state } };
    }
    return { status: 200, body: this.#options.isOriginal ? {} : wallet };
  }

  #logIn(login: string, deviceId: string): HostAnswer {
    if (login !== this.#login)
      return {
        status: 401,
        body: { error: "Unauthorized: No match for email and password" },
      };
    for (const [token, device] of this.#tokens) if (device === deviceId) this.#tokens.delete(token);
    this.#issued += 1;
    const token = `token-${String(this.#issued)}`;
    this.#tokens.set(token, deviceId);
    return { status: 200, body: { token, slot: this.#slot } };
  }

  #changePassword(request: Extract<HostRequest, { type: "change-password" }>): HostAnswer {
    if (request.oldLogin !== this.#login)
      return {
        status: 401,
        body: { error: "Unauthorized: No match for email and password" },
      };
    const { rotation } = request;
    if (rotation !== undefined) {
      const follows = rotation.epoch === this.#epoch + 1 && rotation.closedAt === this.headHash;
      if (!follows) return badSequence;
      this.#epoch = rotation.epoch;
      this.#closedSequence = this.head?.sequence ?? 0;
    }
    const carriesWallet = this.#options.protocol === 3 && this.head !== null;
    if ((request.wallet !== null) !== carriesWallet) return badSequence;
    if (request.wallet !== null) {
      if (request.wallet.encryptedWallet.length > this.maxBytes) return tooLarge;
      if (!this.#append(request.wallet)) return badSequence;
    }
    this.#login = request.newLogin;
    this.#saltSeed = request.saltSeed;
    this.#slot = request.slot ?? this.#slot;
    this.#tokens.clear();
    return { status: 200, body: {} };
  }

  #append(wallet: StoredWallet): boolean {
    if (wallet.sequence !== (this.head?.sequence ?? 0) + 1) return false;
    if (this.#options.protocol === 4) {
      const { parent, epoch } = wallet;
      if (parent !== this.headHash || epoch !== this.#epoch) return false;
    }
    this.#wallets.push(wallet);
    const hash = hashWallet(wallet);
    this.accepted.set(hash, (this.accepted.get(hash) ?? 0) + 1);
    this.onStored(wallet.sequence);
    return true;
  }
}

const tokenNotFound: HostAnswer = {
  status: 401,
  body: { error: "Unauthorized: Token Not Found" },
};
const tooLarge: HostAnswer = { status: 413, body: { error: "Request Entity Too Large" } };
const badSequence: HostAnswer = {
  status: 409,
  body: { error: "Conflict: Bad sequence number or wallet does not exist" },
};

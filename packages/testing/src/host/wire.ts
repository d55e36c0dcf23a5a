/**
 * Both protocols as far as sync goes: what devices ask and what a host answers. One shape for both: in protocol 4 the
 * HMAC stands for the signature of a header, which also names its parent and its epoch.
 */
export type StoredWallet = {
  readonly encryptedWallet: string;
  readonly sequence: number;
  readonly hmac: string;
  /** protocol 4: hash of the revision before; empty for the first */
  readonly parent?: string;
  /** protocol 4: the keys it was written under, from 1 */
  readonly epoch?: number;
  /** protocol 4, on the host: its body is not there any more, or never came back after a restore */
  readonly bodyHash?: string;
};

/** Protocol 4: what a host tells of a revision without its body. */
export type WalletHeader = {
  readonly sequence: number;
  readonly parent: string;
  readonly epoch: number;
  readonly bodyHash: string;
};

/** Protocol 4: a security state. New keys (`epoch`) shut out the writers of older ones after the revision `closedAt`. */
export type AccountState = {
  /** from 1, one more with each change of password or keys */
  readonly number: number;
  /** hash of the state before; empty for the first */
  readonly parent: string;
  /** hash of what proves that one has its keys */
  readonly authority: string;
  readonly epoch: number;
  readonly closedAt: string;
  /** hash of the slot that the password opens */
  readonly slot: string;
  readonly signature: string;
};

/** The record of a password as a host keeps it. */
export type PasswordRecord = { readonly login: string; readonly saltSeed: string };

/** What a device sends: the protocol it speaks, and what it asks. */
export type HostRequest = { readonly protocol: 3 | 4 } & HostQuestion;

export type HostQuestion =
  /** protocol 4 asks for the headers from the sequence `after` on, and for the states from the number `statesFrom` on */
  | {
      readonly type: "get-wallet";
      readonly token: string;
      readonly after: number;
      readonly statesFrom: number;
    }
  | { readonly type: "post-wallet"; readonly token: string; readonly wallet: StoredWallet }
  | { readonly type: "get-salt-seed" }
  | { readonly type: "log-in"; readonly login: string; readonly deviceId: string }
  | ({
      readonly type: "change-password";
      readonly oldLogin: string;
      readonly wallet: StoredWallet | null;
      /** protocol 4: the next state, the keys sealed under the new password, and proof of the keys before */
      readonly change: {
        readonly state: AccountState;
        readonly slot: string;
        readonly proof: string;
      } | null;
    } & PasswordRecord)
  // protocol 4
  | {
      readonly type: "log-in-by-key";
      readonly proof: string;
      readonly deviceId: string;
    }
  | { readonly type: "get-states"; readonly token: string }
  /** brings back what a restored host lacks; `password`: its record, registered anew */
  | ({
      readonly type: "heal-states";
      readonly token: string;
      readonly states: readonly AccountState[];
      readonly slot: string | null;
      readonly password: PasswordRecord | null;
    } & Healing)
  | ({ readonly type: "heal-wallet"; readonly token: string } & Healing)
  | { readonly type: "start-pairing"; readonly pairingId: string }
  | {
      readonly type: "put-pairing";
      readonly token: string;
      readonly pairingId: string;
      readonly message: string;
    }
  | { readonly type: "get-pairing"; readonly pairingId: string }
  /** makes an account of protocol 3 one of protocol 4; `base`: the HMAC of the revision that `wallet` continues */
  | ({
      readonly type: "upgrade";
      readonly oldLogin: string;
      readonly deviceId: string;
      readonly base: string | null;
      readonly wallet: StoredWallet | null;
      readonly state: AccountState;
      readonly slot: string;
    } & PasswordRecord);

/** Headers from the host's own head on, and the body of the last of them; none: nothing lacks. */
export type Healing = {
  readonly headers: readonly WalletHeader[];
  readonly newest: StoredWallet | null;
};

/** `body` is whatever JSON came: a hostile host sends anything. */
export type HostAnswer = { readonly status: number; readonly body: unknown };

/** The wallet in a body; null: there is none, or not one of the right form. */
export function walletIn(body: unknown): StoredWallet | null {
  if (typeof body !== "object" || body === null) return null;
  const { encryptedWallet, sequence, hmac } = body as Partial<Record<string, unknown>>;
  if (typeof encryptedWallet !== "string" || encryptedWallet === "") return null;
  if (typeof hmac !== "string" || hmac === "") return null;
  if (typeof sequence !== "number" || !Number.isInteger(sequence)) return null;
  if (sequence < 1 || sequence > 0xffff_ffff) return null;
  const { parent, epoch } = body as Partial<Record<string, unknown>>;
  if (typeof parent !== "string" || typeof epoch !== "number")
    return { encryptedWallet, sequence, hmac };
  return { encryptedWallet, sequence, hmac, parent, epoch };
}

/** The headers in a body, as far as they have the right form. */
export function headersIn(body: unknown): readonly WalletHeader[] {
  if (typeof body !== "object" || body === null) return [];
  const { headers } = body as Partial<Record<string, unknown>>;
  if (!Array.isArray(headers)) return [];
  return (headers as readonly WalletHeader[]).filter(
    ({ sequence, parent, epoch, bodyHash }) =>
      Number.isInteger(sequence) &&
      Number.isInteger(epoch) &&
      typeof parent === "string" &&
      typeof bodyHash === "string",
  );
}

/** The security states in a body, as far as they have the right form. */
export function statesIn(body: unknown): readonly AccountState[] {
  if (typeof body !== "object" || body === null) return [];
  const { states } = body as Partial<Record<string, unknown>>;
  return Array.isArray(states) ? (states as readonly AccountState[]) : [];
}

/** A text field of a body; null: there is none. */
export function textIn(body: unknown, field: string): string | null {
  if (typeof body !== "object" || body === null) return null;
  const value = (body as Partial<Record<string, unknown>>)[field];
  return typeof value === "string" ? value : null;
}

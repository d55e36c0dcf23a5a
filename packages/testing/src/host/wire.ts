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
  /** protocol 4: the security state it was written under, from 1 */
  readonly epoch?: number;
};

/** Protocol 4: what a host tells of a revision without its body. */
export type WalletHeader = {
  readonly sequence: number;
  readonly parent: string;
  readonly epoch: number;
  readonly bodyHash: string;
};

/** Protocol 4: a new security state; writers of older epochs are shut out after the revision it closes them at. */
export type Rotation = { readonly epoch: number; readonly closedAt: string };

export type HostRequest =
  /** `after`: protocol 4 asks for the headers from this sequence on */
  | { readonly type: "get-wallet"; readonly token: string; readonly after?: number }
  | { readonly type: "post-wallet"; readonly token: string; readonly wallet: StoredWallet }
  | { readonly type: "get-salt-seed" }
  | { readonly type: "log-in"; readonly login: string; readonly deviceId: string }
  | {
      readonly type: "change-password";
      readonly oldLogin: string;
      readonly newLogin: string;
      readonly saltSeed: string;
      readonly wallet: StoredWallet | null;
      /** protocol 4: the keys, sealed under the new password */
      readonly slot?: string;
      readonly rotation?: Rotation;
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

/** A text field of a body; null: there is none. */
export function textIn(body: unknown, field: string): string | null {
  if (typeof body !== "object" || body === null) return null;
  const value = (body as Partial<Record<string, unknown>>)[field];
  return typeof value === "string" ? value : null;
}

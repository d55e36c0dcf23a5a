/** Protocol 3 as far as sync goes: what devices ask and what a host answers, body fields named as on the wire. */
export type StoredWallet = {
  readonly encryptedWallet: string;
  readonly sequence: number;
  readonly hmac: string;
};

export type HostRequest =
  | { readonly type: "get-wallet"; readonly token: string }
  | { readonly type: "post-wallet"; readonly token: string; readonly wallet: StoredWallet }
  | { readonly type: "get-salt-seed" }
  | { readonly type: "log-in"; readonly login: string; readonly deviceId: string }
  | {
      readonly type: "change-password";
      readonly oldLogin: string;
      readonly newLogin: string;
      readonly saltSeed: string;
      readonly wallet: StoredWallet | null;
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
  return { encryptedWallet, sequence, hmac };
}

/** A text field of a body; null: there is none. */
export function textIn(body: unknown, field: string): string | null {
  if (typeof body !== "object" || body === null) return null;
  const value = (body as Partial<Record<string, unknown>>)[field];
  return typeof value === "string" ? value : null;
}

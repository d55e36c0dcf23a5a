export type RedeemOutcome =
  { readonly type: "verified"; readonly userId: number } | { readonly type: "unknown-or-expired" };

export type AddTokenOutcome = { readonly type: "added" } | { readonly type: "already-verified" };

/** Mailed proofs that an address is the registrant's. Only hashes of tokens are kept. */
export interface VerificationStore {
  /** Adds a further token for an unverified account; earlier ones stay valid until they expire. */
  add(token: {
    readonly userId: number;
    readonly tokenHash: string;
    readonly expiresAtMs: number;
  }): Promise<AddTokenOutcome>;
  /** Marks the account verified and uses up all its tokens, in one transaction. */
  redeem(tokenHash: string, nowMs: number): Promise<RedeemOutcome>;
  removeExpired(nowMs: number): Promise<number>;
}

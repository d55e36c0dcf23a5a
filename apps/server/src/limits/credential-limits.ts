/**
 * Rate limits of the calls that check or reveal something about a credential, counted before the expensive work.
 * Two counters: per client address, so that one machine cannot try many accounts, and per e-mail, so that many
 * machines cannot try one account.
 */

/** At most `points` calls in each window of `windowMs`. */
export interface Limit {
  readonly points: number;
  readonly windowMs: number;
}

export interface CredentialLimitSettings {
  readonly perIp: Limit;
  readonly perEmail: Limit;
}

export type TakeOutcome =
  { readonly type: "allowed" } | { readonly type: "limited"; readonly retryAfterMs: number };

export interface CredentialLimits {
  /** Counts one call, or refuses it. `email` is absent where a call has none. */
  take(call: { readonly ip: string; readonly email?: string }): Promise<TakeOutcome>;
}

/** Counts in this process. `undefined` settings: nothing is ever limited. */
export type CreateCredentialLimits = (
  settings: CredentialLimitSettings | undefined,
) => CredentialLimits;

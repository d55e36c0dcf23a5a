/** Verification of addresses by mailed tokens (protocol 3: /verify, /verify/resend). */
import type { AccountStore } from "../accounts/account-store.ts";
import {
  createSecretToken,
  hashToken,
  isSecretToken,
  type RandomBytes,
} from "../sessions/secret-token.ts";
import type { VerificationMode } from "./verification-mode.ts";
import type { RedeemOutcome, VerificationStore } from "./verification-store.ts";

/** How long a mailed token can be used: 2 days. */
export const VERIFICATION_TOKEN_LIFETIME_MS = 2 * 24 * 60 * 60 * 1000;

export type ResendOutcome =
  /** A further token (64 hex digits), to be mailed to `email`, the form given at sign-up. */
  | { readonly type: "issued"; readonly email: string; readonly verificationToken: string }
  /** The mode is not `EmailVerify`. */
  | { readonly type: "not-by-mail" }
  | { readonly type: "unknown-email" }
  | { readonly type: "already-verified" };

export interface Verification {
  /** Marks the account of a mailed token as verified and uses the token up. */
  redeem(token: string): Promise<RedeemOutcome>;
  resend(email: string): Promise<ResendOutcome>;
}

/** Builds the verification rules over the stores. `clock` is in milliseconds since 1970. */
export function createVerification(dependencies: {
  readonly accounts: AccountStore;
  readonly store: VerificationStore;
  readonly mode: VerificationMode;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): Verification {
  const { accounts, store, mode, clock, randomBytes } = dependencies;
  return {
    async redeem(token) {
      if (!isSecretToken(token)) return { type: "unknown-or-expired" };
      return store.redeem(hashToken(token), clock());
    },

    async resend(email) {
      if (mode.type !== "EmailVerify") return { type: "not-by-mail" };
      const account = await accounts.findByEmail(email);
      if (account === undefined) return { type: "unknown-email" };
      if (account.verified) return { type: "already-verified" };
      const verificationToken = createSecretToken(randomBytes);
      const added = await store.add({
        userId: account.userId,
        tokenHash: hashToken(verificationToken),
        expiresAtMs: clock() + VERIFICATION_TOKEN_LIFETIME_MS,
      });
      if (added.type === "already-verified") return added;
      return { type: "issued", email: account.email, verificationToken };
    },
  };
}

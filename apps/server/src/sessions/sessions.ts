/**
 * Sessions: logging a device in and recognising it afterwards (protocol 3: /auth/full, every `token`).
 *
 * Invariants: one session per user and device; a session begun under a password that has since changed is never made;
 * an unknown address costs the same work and gets the same answer as a wrong password.
 */
import type { AccountStore } from "../accounts/account-store.ts";
import type { PasswordHasher } from "../accounts/password-hasher.ts";
import type { Awaitable } from "../awaitable.ts";
import { createSecretToken, hashToken, type RandomBytes } from "./secret-token.ts";
import type { Session, SessionStore } from "./session-store.ts";
import { createTokenHashes } from "./token-hashes.ts";

/** How long a log-in lasts: 14 days. */
export const SESSION_LIFETIME_MS = 14 * 24 * 60 * 60 * 1000;

export type LogInOutcome =
  /** `token` is 64 hex digits and kept nowhere. */
  | { readonly type: "logged-in"; readonly token: string; readonly session: Session }
  /** Unknown address or wrong password. */
  | { readonly type: "no-match" }
  | { readonly type: "not-verified" }
  /** The account is one of protocol 4 now. */
  | { readonly type: "upgraded" }
  /** Too many passwords are being checked: try again soon. */
  | { readonly type: "busy" };

export interface Sessions {
  logIn(request: {
    readonly email: string;
    readonly password: string;
    readonly deviceId: string;
  }): Promise<LogInOutcome>;
  /**
   * The live session of a token from outside; undefined when it is malformed, unknown, expired or replaced. `connection`
   * is any object that lives as long as the connection it came by: a token that comes again is not hashed again.
   */
  authenticate(token: string, connection?: object): Awaitable<Session | undefined>;
}

/** Builds the session rules over the stores. `clock` is in milliseconds since 1970. */
export function createSessions(dependencies: {
  readonly accounts: AccountStore;
  readonly store: SessionStore;
  readonly passwordHasher: PasswordHasher;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): Sessions {
  const { accounts, store, passwordHasher, clock, randomBytes } = dependencies;
  const hashTokenOf = createTokenHashes();
  return {
    async logIn({ email, password, deviceId }) {
      const account = await accounts.findByEmail(email);
      if (account === undefined && (await accounts.isUpgraded(email))) return { type: "upgraded" };
      const checked = await passwordHasher.verify(password, account?.passwordHash);
      if (checked.type === "busy") return checked;
      if (checked.type === "no-match" || account === undefined) return { type: "no-match" };
      if (!account.verified) return { type: "not-verified" };

      const token = createSecretToken(randomBytes);
      const session: Session = {
        userId: account.userId,
        deviceId,
        tokenHash: hashToken(token),
        expiresAtMs: clock() + SESSION_LIFETIME_MS,
      };
      const { credentialVersion } = account;
      const created = await store.create({ ...session, credentialVersion });
      // The password that was checked has been changed meanwhile, so it no longer matches.
      if (created.type === "credentials-changed") return { type: "no-match" };
      return { type: "logged-in", token, session };
    },

    authenticate(token, connection) {
      const tokenHash = hashTokenOf(token, connection);
      return tokenHash === undefined ? undefined : store.find(tokenHash, clock());
    },
  };
}

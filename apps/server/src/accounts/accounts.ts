/**
 * Accounts: signing up, the salt seed, and changing the password (protocol 3: /signup, /client-salt-seed, /password).
 *
 * Invariants: a password is hashed before the store is asked to write, so that no transaction waits for scrypt; a
 * password change holds only if the account's credentials are still those the old password was checked against; the
 * user's sockets are ended before the caller learns that the password changed.
 */
import { createSecretToken, hashToken, type RandomBytes } from "../sessions/secret-token.ts";
import type { VerificationMode } from "../verification/verification-mode.ts";
import { VERIFICATION_TOKEN_LIFETIME_MS } from "../verification/verification.ts";
import type { Notices } from "../wallets/notices.ts";
import type { NewWallet, StoredWallet } from "../wallets/wallet-store.ts";
import type { AccountStore } from "./account-store.ts";
import { emailKey } from "./email-key.ts";
import type { PasswordHasher } from "./password-hasher.ts";

export type SignUpOutcome =
  /** `verificationToken` (64 hex digits, to be mailed) is there exactly when `verified` is false. */
  | {
      readonly type: "created";
      readonly userId: number;
      readonly verified: boolean;
      readonly verificationToken?: string;
    }
  | { readonly type: "email-taken" }
  | { readonly type: "not-whitelisted" }
  | { readonly type: "busy" };

export type ChangeAccountPasswordOutcome =
  | { readonly type: "changed"; readonly wallet: StoredWallet | undefined }
  /** Unknown address or wrong old password. */
  | { readonly type: "no-match" }
  | { readonly type: "not-verified" }
  /** The account is one of protocol 4 now. */
  | { readonly type: "upgraded" }
  /** A wallet was sent that does not follow the stored one, or none is stored. */
  | { readonly type: "bad-sequence"; readonly current: StoredWallet | undefined }
  /** A wallet is stored and the request came without its re-encrypted form. */
  | { readonly type: "wallet-required"; readonly current: StoredWallet }
  | { readonly type: "busy" };

export type SaltSeedOutcome =
  /** 64 hex digits. */
  | { readonly type: "found"; readonly clientSaltSeed: string }
  | { readonly type: "unknown-email" }
  /** The account is one of protocol 4 now. */
  | { readonly type: "upgraded" };

/** What a person may do with their account. Every `busy` means: too many passwords are being checked, try again soon. */
export interface Accounts {
  signUp(request: {
    readonly email: string;
    readonly password: string;
    /** 64 hex digits. */
    readonly clientSaltSeed: string;
  }): Promise<SignUpOutcome>;
  /** The client salt seed of an address. */
  saltSeed(email: string): Promise<SaltSeedOutcome>;
  /** Replaces password, salt seed and, when one is stored, the wallet; ends all sessions and sockets of the user. */
  changePassword(request: {
    readonly email: string;
    readonly oldPassword: string;
    readonly newPassword: string;
    readonly clientSaltSeed: string;
    readonly wallet?: NewWallet;
  }): Promise<ChangeAccountPasswordOutcome>;
}

/** Builds the account rules over a store. `clock` is in milliseconds since 1970. */
export function createAccounts(dependencies: {
  readonly store: AccountStore;
  readonly passwordHasher: PasswordHasher;
  readonly notices: Notices;
  readonly mode: VerificationMode;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): Accounts {
  const { store, passwordHasher, notices, mode, clock, randomBytes } = dependencies;
  const whitelist = new Set(mode.type === "Whitelist" ? mode.emails.map(emailKey) : []);

  return {
    async signUp({ email, password, clientSaltSeed }) {
      if (mode.type === "Whitelist" && !whitelist.has(emailKey(email))) {
        return { type: "not-whitelisted" };
      }
      // Spares the hash; the store decides again when it writes.
      if ((await store.findByEmail(email)) !== undefined) return { type: "email-taken" };
      const hashed = await passwordHasher.hash(password);
      if (hashed.type === "busy") return hashed;
      const { passwordHash } = hashed;

      if (mode.type !== "EmailVerify") {
        const created = await store.create({ email, passwordHash, clientSaltSeed, verified: true });
        return created.type === "created" ? { ...created, verified: true } : created;
      }
      const verificationToken = createSecretToken(randomBytes);
      const created = await store.create({
        email,
        passwordHash,
        clientSaltSeed,
        verified: false,
        verification: {
          tokenHash: hashToken(verificationToken),
          expiresAtMs: clock() + VERIFICATION_TOKEN_LIFETIME_MS,
        },
      });
      return created.type === "created"
        ? { ...created, verified: false, verificationToken }
        : created;
    },

    async saltSeed(email) {
      const clientSaltSeed = (await store.findByEmail(email))?.clientSaltSeed;
      if (clientSaltSeed !== undefined) return { type: "found", clientSaltSeed };
      return { type: (await store.isUpgraded(email)) ? "upgraded" : "unknown-email" };
    },

    async changePassword({ email, oldPassword, newPassword, clientSaltSeed, wallet }) {
      const account = await store.findByEmail(email);
      if (account === undefined && (await store.isUpgraded(email))) return { type: "upgraded" };
      const checked = await passwordHasher.verify(oldPassword, account?.passwordHash);
      if (checked.type === "busy") return checked;
      if (checked.type === "no-match" || account === undefined) return { type: "no-match" };
      if (!account.verified) return { type: "not-verified" };

      const hashed = await passwordHasher.hash(newPassword);
      if (hashed.type === "busy") return hashed;
      const outcome = await store.changePassword({
        userId: account.userId,
        credentialVersion: account.credentialVersion,
        passwordHash: hashed.passwordHash,
        clientSaltSeed,
        ...(wallet === undefined ? {} : { wallet }),
      });
      // Another change was first, so what was checked is no longer the password.
      if (outcome.type === "credentials-changed") return { type: "no-match" };
      if (outcome.type === "changed") notices.credentialsChanged(account.userId);
      return outcome;
    },
  };
}

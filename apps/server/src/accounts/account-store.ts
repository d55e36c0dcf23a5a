import type { NewWallet, StoredWallet } from "../wallets/wallet-store.ts";

/** One person's account as the host knows it: an address, a verifier, a salt seed. Never a key. */
export interface Account {
  readonly userId: number;
  /** The address in the form given at sign-up; look-ups ignore case. */
  readonly email: string;
  /** Encoded scrypt hash with its own parameters and salt (see password-hash.ts). */
  readonly passwordHash: string;
  /** 64 hex digits. */
  readonly clientSaltSeed: string;
  readonly verified: boolean;
  /** Grows by one with each password change; whatever was begun under an older one is void. */
  readonly credentialVersion: number;
}

export interface NewAccount {
  readonly email: string;
  readonly passwordHash: string;
  readonly clientSaltSeed: string;
  readonly verified: boolean;
  /** Stored in the same transaction when the account still has to be verified by mail. */
  readonly verification?: { readonly tokenHash: string; readonly expiresAtMs: number };
}

interface PasswordChange {
  readonly userId: number;
  /** The version under which the old password was checked. */
  readonly credentialVersion: number;
  readonly passwordHash: string;
  readonly clientSaltSeed: string;
  /** The re-encrypted wallet; required exactly when one is stored. */
  readonly wallet?: NewWallet;
}

export type CreateAccountOutcome =
  { readonly type: "created"; readonly userId: number } | { readonly type: "email-taken" };

export type ChangePasswordOutcome =
  /** Password, salt seed and wallet are replaced and every session of the user is gone, all or nothing. */
  | { readonly type: "changed"; readonly wallet: StoredWallet | undefined }
  /** Another change came first: the old password that was checked is no longer the password. */
  | { readonly type: "credentials-changed" }
  | { readonly type: "bad-sequence"; readonly current: StoredWallet | undefined }
  | { readonly type: "wallet-required"; readonly current: StoredWallet };

export interface AccountStore {
  create(account: NewAccount): Promise<CreateAccountOutcome>;
  findByEmail(email: string): Promise<Account | undefined>;
  /** Whether this was an account of protocol 3 and is one of protocol 4 now (P4-90). */
  isUpgraded(email: string): Promise<boolean>;
  changePassword(change: PasswordChange): Promise<ChangePasswordOutcome>;
}

/**
 * Encrypting and decrypting wallet documents (LBRY-26, LBRY-27), for those who read and write wallet files without being a daemon.
 */
import type { JsonObject } from "../json/value.ts";
import type { Account } from "./account.ts";
import {
  decryptAccount,
  encryptAccount,
  type InitVectorSource,
  isUnlockableAccount,
} from "./account-encryption.ts";
import { encryptOnDisk, isEncryptOnDisk } from "./disk-preference.ts";
import { setPreference } from "./preferences.ts";
import {
  hasLockedAccount,
  loadWallet,
  updateDocument,
  type WalletDocument,
} from "./wallet-document.ts";
import { emptyPassword } from "./password.ts";
import { WalletError } from "./wallet-error.ts";
import { walletLocked } from "./wallet-locked.ts";

export interface EncryptOptions {
  /** Seconds since 1970. */
  readonly now: number;
  /** Gives 16 fresh random bytes at each call. */
  readonly ivs: InitVectorSource;
}

/**
 * The wallet with all accounts in clear; an unlocked one takes any password. Also opens accounts the SDK would not, if their private key
 * proves the password right. Throws `invalid-password` or `malformed-blob`.
 */
export function unlockWallet(wallet: WalletDocument, password: string): WalletDocument {
  const loaded = loadWallet(wallet);
  if (!hasLockedAccount(loaded)) return wallet;
  const accounts = loaded.accounts.map((account) =>
    unlockDocument(account, decryptAccount(account, password, "proven-key")),
  );
  return new Map(wallet).set("accounts", accounts);
}

/** Only what was encrypted changes: what a file leaves out is not filled in without a clock. */
function unlockDocument(locked: Account, { seed, privateKey }: Account): JsonObject {
  if (!locked.isEncrypted) return locked.source;
  return new Map(locked.source)
    .set("encrypted", false)
    .set("seed", seed)
    .set("private_key", privateKey);
}

/**
 * The wallet as its file is to be with encryption on disk switched on: seeds and keys encrypted. Throws `wallet-locked`, `invalid-password` for an
 * empty password, and `not-unlockable` for a wallet that LBRY could never unlock again.
 */
export function encryptWallet(
  wallet: WalletDocument,
  password: string,
  { now, ivs }: EncryptOptions,
): WalletDocument {
  const loaded = loadWallet(wallet, { now });
  if (hasLockedAccount(loaded)) throw walletLocked("it cannot be encrypted once more");
  if (password === "") throw emptyPassword();
  if (listUnlockRisks(wallet).length > 0) throw notUnlockable();
  const accounts = loaded.accounts.map((account) => encryptAccount(account, password, ivs));
  return setPreference(updateDocument(wallet, { ...loaded, accounts }), encryptOnDisk, true, now);
}

/** The wallet in clear and with encryption on disk switched off; throws as `unlockWallet`. */
export function decryptWallet(
  wallet: WalletDocument,
  password: string,
  now: number,
): WalletDocument {
  const unlocked = unlockWallet(wallet, password);
  if (!isEncryptOnDisk(loadWallet(unlocked).preferences)) return unlocked;
  return setPreference(unlocked, encryptOnDisk, false, now);
}

/**
 * The accounts LBRY could not unlock again if they were encrypted on disk: their seeds are not exactly lower-case listed English words. They work in all
 * other ways, so warn before encryption is switched on, here or through a synced preference.
 */
export function listUnlockRisks(wallet: WalletDocument): readonly { id: string; name: string }[] {
  const { accounts } = loadWallet(wallet);
  return accounts
    .filter((account) => !isUnlockableAccount(account))
    .map(({ id, name }) => ({ id, name }));
}

function notUnlockable(): WalletError {
  return new WalletError(
    "not-unlockable",
    "This wallet was not encrypted: an account's seed phrase is not made of plain lower-case English words, and LBRY could never unlock it again.",
  );
}

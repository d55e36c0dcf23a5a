/**
 * A wallet as a running SDK holds it: in clear, with the password of encryption on disk if it is known, and saved to a file that may be encrypted
 * (LBRY-26). Every operation returns a new wallet.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import { formatJson } from "../json/format-json.ts";
import type { Account } from "./account.ts";
import { decryptAccount, encryptAccount, type InitVectorSource } from "./account-encryption.ts";
import { encryptOnDisk, isEncryptOnDisk } from "./disk-preference.ts";
import { emptyPassword } from "./password.ts";
import { stampPreference } from "./preferences.ts";
import { hashLoadedWallet } from "./sync-hash.ts";
import {
  formatWallet,
  hasLockedAccount,
  type LoadedWallet,
  loadWallet,
  parseWallet,
} from "./wallet-document.ts";
import { WalletError } from "./wallet-error.ts";
import { walletLocked } from "./wallet-locked.ts";

export interface SdkWallet extends LoadedWallet {
  /** The password of encryption on disk, once it is known. */
  readonly password: string | undefined;
}

export interface SaveOptions {
  /** Seconds since 1970. */
  readonly now: number;
  readonly drawInitVector: InitVectorSource;
}

export interface SavedWallet {
  readonly wallet: SdkWallet;
  /** The text of the wallet's file. */
  readonly file: string;
}

/** A wallet as after the SDK's start; throws as `parseWallet`. */
export function openSdkWallet(file: string, now: number): SdkWallet {
  return { ...loadWallet(parseWallet(file), { now }), password: undefined };
}

/** The `sync_hash` of a wallet in memory, hex; it depends on the order things were added in. Throws `wallet-locked`. */
export function hashSdkWallet(wallet: SdkWallet): string {
  return bytesToHex(hashLoadedWallet(wallet, wallet.password));
}

/** Saves; switches encryption on disk off if there is no password for it, as the SDK does. */
export function saveSdkWallet(wallet: SdkWallet, options: SaveOptions): SavedWallet {
  if (!isEncryptOnDisk(wallet.preferences)) return { wallet, file: formatFile(wallet) };
  if (wallet.password !== undefined) return saveEncrypted(wallet, wallet.password, options);
  const saved = hasLockedAccount(wallet) ? wallet : switchEncryption(wallet, false, options.now);
  return { wallet: saved, file: formatFile(saved) };
}

function saveEncrypted(wallet: SdkWallet, password: string, options: SaveOptions): SavedWallet {
  // The SDK takes the empty password for none.
  if (password === "") return { wallet, file: formatFile(wallet) };
  const encrypted = encryptAccounts(wallet.accounts, password, options.drawInitVector);
  const accounts = wallet.accounts.map((account, index) => ({
    ...account,
    initVectors: encrypted[index]?.initVectors ?? {},
  }));
  return { wallet: { ...wallet, accounts }, file: formatFile({ ...wallet, accounts: encrypted }) };
}

/** Encrypts what is in memory, too; throws `invalid-password` if the wallet was never given a password. */
export function lockSdkWallet(wallet: SdkWallet, drawInitVector: InitVectorSource): SdkWallet {
  if (wallet.password === undefined) {
    throw new WalletError(
      "invalid-password",
      "This wallet has no password to lock it with. Encrypt it first.",
    );
  }
  return { ...wallet, accounts: encryptAccounts(wallet.accounts, wallet.password, drawInitVector) };
}

/** Decrypts all accounts, or none; throws `invalid-password` or `malformed-blob`. */
export function unlockSdkWallet(wallet: SdkWallet, password: string): SdkWallet {
  const accounts = wallet.accounts.map((account) => decryptAccount(account, password, "sdk"));
  return { ...wallet, accounts, password };
}

/** Switches encryption on disk on and saves; throws `wallet-locked`, or `invalid-password` for an empty one. */
export function encryptSdkWallet(
  wallet: SdkWallet,
  password: string,
  options: SaveOptions,
): SavedWallet {
  requireUnlocked(wallet);
  if (password === "") throw emptyPassword();
  return saveSdkWallet(switchEncryption({ ...wallet, password }, true, options.now), options);
}

/** Switches encryption on disk off and saves; throws `wallet-locked`. */
export function decryptSdkWallet(wallet: SdkWallet, options: SaveOptions): SavedWallet {
  requireUnlocked(wallet);
  return saveSdkWallet(switchEncryption(wallet, false, options.now), options);
}

function requireUnlocked(wallet: SdkWallet): void {
  if (hasLockedAccount(wallet)) throw walletLocked("its encryption cannot be changed");
}

function switchEncryption(wallet: SdkWallet, isOn: boolean, now: number): SdkWallet {
  const ts = BigInt(Math.floor(now));
  return { ...wallet, preferences: stampPreference(wallet.preferences, encryptOnDisk, isOn, ts) };
}

function encryptAccounts(
  accounts: readonly Account[],
  password: string,
  drawInitVector: InitVectorSource,
): readonly Account[] {
  return accounts.map((account) => encryptAccount(account, password, drawInitVector));
}

function formatFile(wallet: LoadedWallet): string {
  return formatJson(formatWallet(wallet), { indent: 4, sortKeys: true });
}

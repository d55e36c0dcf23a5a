/**
 * `sync_hash` (LBRY-17): what the SDK compares to see whether two wallets are in sync. It depends on the order of preferences and on how numbers
 * are written, so equal wallets can keep different hashes for ever (LBRY-18).
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { compareCodePoints } from "../json/code-point-order.ts";
import { formatJson } from "../json/format-json.ts";
import type { JsonObject } from "../json/value.ts";
import { type Account, formatAccountForHash } from "./account.ts";
import { isEncryptOnDisk } from "./disk-preference.ts";
import { passwordBytes } from "./password.ts";
import {
  hasLockedAccount,
  type LoadedWallet,
  type LoadOptions,
  loadWallet,
  type WalletDocument,
} from "./wallet-document.ts";
import { walletLocked } from "./wallet-locked.ts";

export interface HashOptions extends LoadOptions {
  /** The password of encryption on disk, if it is known; counts only where that is switched on. */
  readonly password?: string;
}

/** The wallet's sync hash in hex; throws `wallet-locked` while an account is encrypted. */
export function hashWallet(wallet: WalletDocument, options: HashOptions = {}): string {
  return bytesToHex(hashLoadedWallet(loadWallet(wallet, options), options.password));
}

/** The 32 bytes of the hash. */
export function hashLoadedWallet(wallet: LoadedWallet, password: string | undefined): Uint8Array {
  if (hasLockedAccount(wallet)) {
    throw walletLocked("it has no hash");
  }
  const hasPrefix = isEncryptOnDisk(wallet.preferences) && password !== undefined;
  const accounts = wallet.accounts.toSorted((a, b) => compareCodePoints(a.id, b.id));
  return sha256(
    concatBytes(
      passwordBytes(hasPrefix ? password : ""),
      hashPreferences(wallet.preferences),
      ...accounts.map(hashAccount),
    ),
  );
}

/** SHA-256 over the preferences' JSON. */
export function hashPreferences(preferences: JsonObject): Uint8Array {
  return sha256(utf8ToBytes(formatJson(preferences)));
}

/** SHA-256 over the account's JSON and the sorted ids of its certificates. */
export function hashAccount(account: Account): Uint8Array {
  const ids = [...account.certificates.keys()].sort(compareCodePoints);
  return sha256(utf8ToBytes(formatJson(formatAccountForHash(account)) + ids.join("")));
}

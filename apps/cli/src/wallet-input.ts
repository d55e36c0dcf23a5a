import type { WalletDocument } from "@holdfast/wallet/lbry";
import {
  isLocked,
  parseWallet,
  parseWalletFile,
  unlockWallet,
  WalletError,
} from "@holdfast/wallet/lbry";
import type { PasswordOptions } from "./terminal/passwords.ts";
import { findPassword, walletPassword } from "./terminal/passwords.ts";
import { placeOf, readText } from "./terminal/input.ts";

/** The wallet in a file, or in standard input when `file` is `-`. */
export async function readWallet(file: string, parse = parseWallet): Promise<WalletDocument> {
  const text = await readText(file, "a wallet");
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof WalletError)) throw cause;
    const message = `Cannot use ${placeOf(file)} as a wallet. ${cause.message}`;
    throw new WalletError(cause.code, message, { cause });
  }
}

/**
 * As `readWallet`; a wallet whose seeds are encrypted in the file is unlocked with its own password where that is
 * given (HOLDFAST_WALLET_PASSWORD or --wallet-password-file), and stays locked otherwise.
 */
export async function readUnlockedWallet(
  file: string,
  options: PasswordOptions,
): Promise<WalletDocument> {
  return await unlockGiven(await readWallet(file), options);
}

/** As `readUnlockedWallet`, for a wallet that is to be this device's: JSON that is plainly none is refused. */
export async function readImportedWallet(
  file: string,
  options: PasswordOptions,
): Promise<WalletDocument> {
  return await unlockGiven(await readWallet(file, parseWalletFile), options);
}

async function unlockGiven(
  wallet: WalletDocument,
  options: PasswordOptions,
): Promise<WalletDocument> {
  if (!isLocked(wallet)) return wallet;
  const password = await findPassword(walletPassword, options.walletPasswordFile);
  return password === undefined ? wallet : unlockWallet(wallet, password);
}

/** The time as LBRY counts it, in seconds: the date it gives to accounts without one. */
export function nowSeconds(): number {
  return Date.now() / 1000;
}

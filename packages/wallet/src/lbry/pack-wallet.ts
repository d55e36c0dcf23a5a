/** A wallet as a blob (LBRY-12): its seeds and keys are in clear inside, so a locked wallet cannot be packed. */
import { packText, type PackOptions } from "./blob.ts";
import {
  formatWalletText,
  isLocked,
  type LoadOptions,
  type WalletDocument,
} from "./wallet-document.ts";
import { walletLocked } from "./wallet-locked.ts";

/** The blob of a wallet, as base64; rejects with `wallet-locked` while an account is encrypted. */
export async function packWallet(
  wallet: WalletDocument,
  password: string,
  options: PackOptions & LoadOptions,
): Promise<string> {
  if (isLocked(wallet)) {
    throw walletLocked("it cannot be packed");
  }
  return packText(formatWalletText(wallet, options), password, options);
}

/** A wallet as a blob (LBRY-12): its seeds and keys are in clear inside, so a locked wallet cannot be packed. */
import { packText, type PackOptions } from "./blob.ts";
import {
  formatWalletText,
  isLocked,
  type LoadOptions,
  type WalletDocument,
} from "./wallet-document.ts";
import { WalletError } from "./wallet-error.ts";

/** The blob of a wallet, as base64; rejects with `wallet-locked` while an account is encrypted. */
export async function packWallet(
  wallet: WalletDocument,
  password: string,
  options: PackOptions & LoadOptions,
): Promise<string> {
  if (isLocked(wallet)) {
    throw new WalletError(
      "wallet-locked",
      "This wallet is locked: its seeds are encrypted, so it cannot be packed. Unlock it with its password first.",
    );
  }
  return packText(formatWalletText(wallet, options), password, options);
}

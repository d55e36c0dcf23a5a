/** The refusal of all that needs seeds in clear (LBRY-12, LBRY-17, LBRY-23). */
import { WalletError } from "./wallet-error.ts";

/** A `wallet-locked` error; `consequence` ends the sentence "its seeds are encrypted, so …". */
export function walletLocked(consequence: string): WalletError {
  return new WalletError(
    "wallet-locked",
    `This wallet is locked: its seeds are encrypted, so ${consequence}. Unlock it with its password first.`,
  );
}

/** Passwords as bytes (LBRY-6): UTF-8 of exactly what was typed, without normalisation; the empty one is allowed. */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { WalletError } from "./wallet-error.ts";

/** Throws `invalid-password` for text that is no valid Unicode, which would silently turn into another password. */
export function passwordBytes(password: string): Uint8Array {
  if (!password.isWellFormed()) {
    throw new WalletError(
      "invalid-password",
      "The password holds half a character, so no wallet can have been locked with it.",
    );
  }
  return utf8ToBytes(password);
}

/** The refusal to encrypt a wallet with nothing (LBRY-26). */
export function emptyPassword(): WalletError {
  return new WalletError(
    "invalid-password",
    "A wallet cannot be encrypted with an empty password.",
  );
}

/** Wallet ids (P4C-27): `default` for the main wallet, HMAC-SHA-256(name key, name) for the others, so that a host learns no name. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { encodeBase64url } from "../bytes/base64url.ts";
import { malformed } from "../crypto-error.ts";
import type { WalletId } from "../identifiers.ts";
import type { Secret } from "../secret/secret.ts";

export const defaultWalletName = "default";
const maxLength = 64;

/** The form in which a wallet's name is kept: NFC, trimmed, 1 to 64 characters, no control characters; throws `malformed`. */
export function parseWalletName(typed: string): string {
  const name = typed.normalize("NFC").trim();
  const printable = name.isWellFormed() && !/\p{Cc}/u.test(name);
  if (name.length === 0 || name.length > maxLength || !printable) throw malformed("wallet name");
  return name;
}

export function walletIdOf(nameKey: Secret<"name-key">, name: string): WalletId {
  if (name === defaultWalletName) return "default" as WalletId;
  return encodeBase64url(hmac(sha256, nameKey.expose(), utf8ToBytes(name))) as WalletId;
}

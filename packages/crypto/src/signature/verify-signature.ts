/**
 * Strict verification of signatures (P4C-7). noble with `zip215: false` refuses S ≥ L (no malleability), non-canonical
 * encodings of A and R and a small-order A, and checks the cofactored equation of RFC 8032; keys of mixed order are
 * refused when they are parsed.
 *
 * A platform's own check is many times quicker, and stricter in one point: it checks the equation without the cofactor. So what it
 * accepts is accepted here, and what it refuses is looked at by noble: the answer is noble's in every case.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { parseBase64url } from "../bytes/base64url.ts";
import { CryptoError } from "../crypto-error.ts";
import type { PublicKey } from "../identifiers.ts";
import { inDomain, type SignatureType } from "./domain.ts";

/**
 * A platform's check of Ed25519. It may refuse what is right. It accepts only what holds under a key that `parsePublicKey` takes,
 * by the equation without the cofactor, with S below the group order and R in its canonical encoding.
 */
export type QuickCheck = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: PublicKey,
) => boolean;

/** Whether `signature` is that key's over the canonical text `body`, made for this type of statement. */
export function verifySignature(
  type: SignatureType,
  body: string,
  signature: string,
  publicKey: PublicKey,
  quickCheck?: QuickCheck,
): boolean {
  try {
    const bytes = parseBase64url(signature, 64);
    const message = inDomain(type, utf8ToBytes(body));
    if (quickCheck?.(bytes, message, publicKey) === true) return true;
    return ed25519.verify(bytes, message, parseBase64url(publicKey, 32), { zip215: false });
  } catch (error) {
    if (error instanceof CryptoError) return false;
    throw error;
  }
}

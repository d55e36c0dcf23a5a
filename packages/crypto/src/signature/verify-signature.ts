/**
 * Strict verification of signatures (P4C-7). noble with `zip215: false` refuses S ≥ L (no malleability), non-canonical
 * encodings of A and R and a small-order A, and checks the cofactored equation of RFC 8032; keys of mixed order are
 * refused when they are parsed.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { parseBase64url } from "../bytes/base64url.ts";
import { CryptoError } from "../crypto-error.ts";
import type { PublicKey } from "../identifiers.ts";
import { inDomain, type SignatureType } from "./domain.ts";

/** Whether `signature` is that key's over the canonical text `body`, made for this type of statement. */
export function verifySignature(
  type: SignatureType,
  body: string,
  signature: string,
  publicKey: PublicKey,
): boolean {
  try {
    return ed25519.verify(
      parseBase64url(signature, 64),
      inDomain(type, utf8ToBytes(body)),
      parseBase64url(publicKey, 32),
      { zip215: false },
    );
  } catch (error) {
    if (error instanceof CryptoError) return false;
    throw error;
  }
}

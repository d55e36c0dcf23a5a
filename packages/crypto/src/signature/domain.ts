/**
 * Domain separation of signatures, associated data and fingerprints: `"holdfast/4/" ‖ type ‖ 0x00 ‖ canonical bytes`
 * (P4C-6, P4C-8). The zero byte ends the type: canonical bytes never hold one.
 */
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/** What an Ed25519 key of protocol 4 signs. */
export type SignatureType =
  "state" | "state-successor" | "certificate" | "header" | "request" | "login";

/** What protocol 4 seals. */
export type SealedType = "slot" | "keyring" | "revision" | "pairing";

/** What people compare. */
type FingerprintType = `fingerprint/${"identity" | "head" | "view"}`;

export function inDomain(
  type: SignatureType | SealedType | FingerprintType,
  canonical: Uint8Array,
): Uint8Array {
  return concatBytes(utf8ToBytes(`holdfast/4/${type}\0`), canonical);
}

/** Ed25519 public keys (P4C-7): canonical encoding, on the curve, of the prime-order group and not its neutral element. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { parseBase64url } from "../bytes/base64url.ts";
import { malformed } from "../crypto-error.ts";
import type { PublicKey } from "../identifiers.ts";

/** A public key from its text; throws `malformed` for small-order, mixed-order and non-canonical points too. */
export function parsePublicKey(text: string): PublicKey {
  const bytes = parseBase64url(text, 32);
  try {
    const point = ed25519.Point.fromBytes(bytes);
    if (point.isTorsionFree() && !point.is0()) return text as PublicKey;
  } catch {
    // Not a point: refused below, like a bad one.
  }
  throw malformed("public key");
}

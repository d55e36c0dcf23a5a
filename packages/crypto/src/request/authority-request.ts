/**
 * Requests that a token alone cannot make (P4C-40): an authority signature over what is asked of which host, with the
 * host's single-use nonce. The host compares the whole statement with the one it expects.
 */
import { encodeCanonical } from "../canonical/canonical-json.ts";
import type { Hash, HostOrigin, PublicKey } from "../identifiers.ts";
import { type QuickCheck, verifySignature } from "../signature/verify-signature.ts";

export interface AuthorityRequest {
  readonly identity: Hash;
  readonly host: HostOrigin;
  /** Method and path, for example `DELETE /sessions/abc`. */
  readonly action: string;
  /** Hash of the request's body bytes; of no bytes where there is none. */
  readonly bodyHash: Hash;
  /** From the host: 32 bytes as base64url. */
  readonly nonce: string;
}

/** The canonical text that is signed. */
export function requestText(request: AuthorityRequest): string {
  const { identity, host, action, bodyHash, nonce } = request;
  return encodeCanonical({ v: 4, identity, host, action, bodyHash, nonce });
}

/** Whether the signature is by this authority key over exactly the expected request. Whether the nonce was used is the host's to know. */
export function verifyRequest(
  signature: string,
  expected: AuthorityRequest,
  authorityKey: PublicKey,
  quickCheck?: QuickCheck,
): boolean {
  return verifySignature("request", requestText(expected), signature, authorityKey, quickCheck);
}

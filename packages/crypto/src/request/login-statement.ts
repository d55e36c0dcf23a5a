/**
 * Login by authority signature (P4C-41). The client takes the origin from its own connection, so that a host cannot pass a
 * login on to another; the rest comes from the host's challenge, which it keeps and compares with.
 */
import { encodeCanonical } from "../canonical/canonical-json.ts";
import type { Hash, HostOrigin, PublicKey } from "../identifiers.ts";
import { type QuickCheck, verifySignature } from "../signature/verify-signature.ts";

/** What the login is for: an everyday session, one after the recovery phrase, or one after pairing. */
export type LoginPurpose = "session" | "recovery" | "pairing";

export interface LoginStatement {
  readonly hostOrigin: HostOrigin;
  readonly identity: Hash;
  readonly deviceId: string;
  readonly purpose: LoginPurpose;
  /** From the host: 32 bytes as base64url. */
  readonly nonce: string;
  /** By the host's clock, milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The canonical text that is signed. */
export function loginText(statement: LoginStatement): string {
  const { hostOrigin, identity, deviceId, purpose, nonce, expiresAt } = statement;
  return encodeCanonical({ v: 4, hostOrigin, identity, deviceId, purpose, nonce, expiresAt });
}

/** Whether the signature is by this authority key over exactly the expected statement, before it expires. */
export function verifyLogin(
  signature: string,
  expected: LoginStatement,
  authorityKey: PublicKey,
  nowMs: number,
  quickCheck?: QuickCheck,
): boolean {
  if (nowMs >= expected.expiresAt) return false;
  return verifySignature("login", loginText(expected), signature, authorityKey, quickCheck);
}

/**
 * Tokens that are known to their bearer alone: the host keeps only their SHA-256, so that a stolen database opens no
 * session. A plain hash is enough, because 32 random bytes cannot be guessed.
 */
import { hash } from "node:crypto";

/** A source of cryptographically secure random bytes. */
export type RandomBytes = (size: number) => Uint8Array;

/** A new token: 32 random bytes as 64 lower-case hex digits. */
export function createSecretToken(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(32)).toString("hex");
}

/** What the host remembers of a token: the SHA-256 of its text, as 64 hex digits. */
export function hashToken(token: string): string {
  return hash("sha256", token, "hex");
}

/** Whether a text from outside can be a token at all; anything else needs no look-up. */
export function isSecretToken(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

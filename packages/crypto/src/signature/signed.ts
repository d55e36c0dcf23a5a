/** A canonical text and its signature, as they travel and are stored: the text itself, never a re-written copy. */
export interface Signed {
  /** Canonical JSON. */
  readonly body: string;
  /** Ed25519, 64 bytes as base64url. */
  readonly signature: string;
}

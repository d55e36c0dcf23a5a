/** A session as the device gets to know it; the token is nowhere else. */
export interface SessionGrant {
  readonly token: string;
  readonly sessionId: string;
  readonly expiresAtMs: number;
}

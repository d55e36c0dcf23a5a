import type { Awaitable } from "../awaitable.ts";

/** One device's right to act for a user. The token itself is known to the device alone. */
export interface Session {
  readonly userId: number;
  readonly deviceId: string;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  readonly expiresAtMs: number;
}

export interface NewSession extends Session {
  /** The version under which the password was checked: a login that a password change overtook is refused. */
  readonly credentialVersion: number;
}

export type CreateSessionOutcome =
  { readonly type: "created" } | { readonly type: "credentials-changed" };

export interface SessionStore {
  /** Replaces the session of the same user and device, if there is one. */
  create(session: NewSession): Promise<CreateSessionOutcome>;
  /** The live session of a token; expired, replaced and ended ones are not found. */
  find(tokenHash: string, nowMs: number): Awaitable<Session | undefined>;
  /** Removes expired sessions and answers how many. */
  removeExpired(nowMs: number): Promise<number>;
}

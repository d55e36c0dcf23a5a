/**
 * Checks and makes password hashes without blocking the event loop, and without letting a flood of log-ins occupy
 * every thread of libuv's pool: a fixed number run, a fixed number wait, the rest is refused as `busy`.
 */
import type { RandomBytes } from "../sessions/secret-token.ts";

export type HashOutcome =
  { readonly type: "hashed"; readonly passwordHash: string } | { readonly type: "busy" };

export type VerifyPasswordOutcome =
  { readonly type: "match" } | { readonly type: "no-match" } | { readonly type: "busy" };

export interface PasswordHasher {
  hash(password: string): Promise<HashOutcome>;
  /** Takes the same work for an unknown account (`undefined`), which never matches. Throws ServerError `damaged-password-hash`. */
  verify(password: string, passwordHash: string | undefined): Promise<VerifyPasswordOutcome>;
}

export interface PasswordHasherOptions {
  readonly randomBytes: RandomBytes;
  /** How many hashes run at once. Default 2: libuv has four threads, and other work needs them too. */
  readonly maxConcurrent?: number;
  /** How many may wait. Default 64, some seconds of waiting. */
  readonly maxQueued?: number;
  /** log2 of scrypt's N for new hashes. Default 15. Only tests lower it. */
  readonly costLog2?: number;
}

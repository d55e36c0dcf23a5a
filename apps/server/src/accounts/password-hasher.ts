/**
 * Checks and makes password hashes without blocking the event loop, and without letting a flood of log-ins occupy
 * every thread of libuv's pool: a fixed number run, a fixed number wait, the rest is refused as `busy`.
 */
import type { RandomBytes } from "../sessions/secret-token.ts";
import { createBoundedWork } from "./bounded-work.ts";
import {
  deriveHash,
  encodePasswordHash,
  HASH_BYTES,
  isSameHash,
  parsePasswordHash,
  SALT_BYTES,
  type PasswordHash,
  type ScryptParameters,
} from "./password-hash.ts";

type HashOutcome =
  { readonly type: "hashed"; readonly passwordHash: string } | { readonly type: "busy" };

type VerifyPasswordOutcome =
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
  /** log2 of scrypt's N for new hashes. Default 15: about 100 ms and 32 MiB each. Only tests lower it. */
  readonly costLog2?: number;
}

export function createPasswordHasher({
  randomBytes,
  maxConcurrent = 2,
  maxQueued = 64,
  costLog2 = 15,
}: PasswordHasherOptions): PasswordHasher {
  const parameters: ScryptParameters = { costLog2, blockSize: 8, parallelism: 1 };
  const work = createBoundedWork({ maxConcurrent, maxQueued });
  // Stands in for an unknown account's hash. Nobody knows a password for random bytes.
  const nobody: PasswordHash = {
    ...parameters,
    salt: randomBytes(SALT_BYTES),
    hash: randomBytes(HASH_BYTES),
  };

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const derived = await work.run(() => deriveHash(password, salt, parameters));
      if (derived.type === "busy") return derived;
      const passwordHash = encodePasswordHash({ ...parameters, salt, hash: derived.value });
      return { type: "hashed", passwordHash };
    },

    async verify(password, passwordHash) {
      const stored = passwordHash === undefined ? nobody : parsePasswordHash(passwordHash);
      const derived = await work.run(() => deriveHash(password, stored.salt, stored));
      if (derived.type === "busy") return derived;
      const isMatch = isSameHash(derived.value, stored.hash) && passwordHash !== undefined;
      return { type: isMatch ? "match" : "no-match" };
    },
  };
}

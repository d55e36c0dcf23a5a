/**
 * The stored form of a password: scrypt with its own parameters and salt, `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`
 * (the PHC string format, base64 without padding), so that parameters can be raised without losing older accounts.
 *
 * Parameters read back are capped: a database that somebody wrote to cannot make a log-in take all memory.
 */
import { scrypt, timingSafeEqual } from "node:crypto";
import { ServerError } from "../server-error.ts";

export interface ScryptParameters {
  /** log2 of N. */
  readonly costLog2: number;
  readonly blockSize: number;
  readonly parallelism: number;
}

export interface PasswordHash extends ScryptParameters {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

export const SALT_BYTES = 16;
export const HASH_BYTES = 32;

const MAX_COST_LOG2 = 18;
const MAX_BLOCK_SIZE = 16;
const MAX_PARALLELISM = 4;
const FORM =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

export function encodePasswordHash(password: PasswordHash): string {
  const { costLog2, blockSize, parallelism, salt, hash } = password;
  return `$scrypt$ln=${costLog2},r=${blockSize},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** Reads a stored hash; throws ServerError `damaged-password-hash` for any other form and for excessive parameters. */
export function parsePasswordHash(encoded: string): PasswordHash {
  const [, costLog2, blockSize, parallelism, salt, hash] = FORM.exec(encoded) ?? [];
  if (salt === undefined || hash === undefined) throw damaged("its form is unknown");
  const parameters = {
    costLog2: Number(costLog2),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
  };
  if (
    !isWithin(parameters.costLog2, MAX_COST_LOG2) ||
    !isWithin(parameters.blockSize, MAX_BLOCK_SIZE) ||
    !isWithin(parameters.parallelism, MAX_PARALLELISM)
  ) {
    throw damaged("its parameters are out of bounds");
  }
  return {
    ...parameters,
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}

/** scrypt on a thread of libuv's pool; 32 bytes. */
export function deriveHash(
  password: string,
  salt: Uint8Array,
  { costLog2, blockSize, parallelism }: ScryptParameters,
): Promise<Uint8Array> {
  const N = 2 ** costLog2;
  // Exactly what scrypt needs; Node would refuse more than 32 MiB otherwise.
  const maxmem = 128 * blockSize * (N + parallelism + 2);
  return new Promise((resolve, reject) => {
    const options = { N, r: blockSize, p: parallelism, maxmem };
    scrypt(password, salt, HASH_BYTES, options, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}

/** Compares in a time that does not depend on where the hashes differ. */
export function isSameHash(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function isWithin(value: number, maximum: number): boolean {
  return value >= 1 && value <= maximum;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replaceAll("=", "");
}

function damaged(why: string): ServerError {
  return new ServerError(
    "damaged-password-hash",
    `A stored password hash cannot be used: ${why}. Its account cannot log in until the database is restored from a backup.`,
  );
}

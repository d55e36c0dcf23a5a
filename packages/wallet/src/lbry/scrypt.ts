/**
 * The key derivation of the blob (LBRY-6). Heavy, so a platform may bring its own; the default runs anywhere.
 */
import { scryptAsync } from "@noble/hashes/scrypt.js";

export interface ScryptParams {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Length of the key, in bytes. */
  readonly dkLen: number;
}

/** Derives `dkLen` bytes from a password and a salt; rejects when the platform cannot. */
export type Scrypt = (
  password: Uint8Array,
  salt: Uint8Array,
  params: ScryptParams,
) => Promise<Uint8Array>;

/** The greatest N·r·p a blob may ask for: about 3 seconds and 1 GiB with native scrypt. */
export const maxScryptWork = 2 ** 23;

/** scrypt in JavaScript: about 60 ms for the SDK's own parameters. */
export const nobleScrypt: Scrypt = (password, salt, params) =>
  // noble counts a little more than 128·N·r·p bytes.
  scryptAsync(password, salt, { ...params, maxmem: 128 * maxScryptWork + 2 ** 24 });

/**
 * From a password to the keys of protocol 3 (P3C-1 to P3C-4).
 *
 * One scrypt run of 96 bytes serves both forms of clients: bytes 0–31 are the login password of either, bytes 32–63
 * the newer form's HMAC key (and, as base64, the older form's wallet password), bytes 64–95 the older form's HMAC key.
 * The newer form, which is the one written, packs wallets under the person's own password.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { base64 } from "@scure/base";
import type { RandomBytes } from "../ports/random-bytes.ts";
import type { DerivationProgress, Scrypt } from "../ports/scrypt.ts";
import { Secret } from "../secret.ts";

const rootScryptParams = { N: 2 ** 20, r: 8, p: 1, dkLen: 96 } as const;

/** Everything a password gives; hex for keys. */
export type DerivedSecrets = {
  readonly loginPassword: Secret;
  readonly hmacKey: Secret;
  readonly olderHmacKey: Secret;
  readonly walletPassword: Secret;
};

/** What opens one stored wallet: the HMAC key that vouches for it and the password it is packed under. */
export type WalletKeys = { readonly hmacKey: Secret; readonly walletPassword: Secret };

export type DeriveInput = {
  readonly password: Secret;
  readonly email: string;
  readonly saltSeed: string;
};

/** The scrypt salt, as text: 32 hex digits, used as ASCII bytes. The address enters exactly as given (P3C-1). */
export function deriveSalt(email: string, saltSeed: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${email}:${saltSeed}`))).slice(0, 32);
}

/** Runs scrypt with N = 2²⁰: about 3 seconds and 1 GiB. */
export async function deriveSecrets(
  { password, email, saltSeed }: DeriveInput,
  scrypt: Scrypt,
  onProgress?: (progress: DerivationProgress) => void,
): Promise<DerivedSecrets> {
  const root = await scrypt(
    utf8ToBytes(password.reveal()),
    utf8ToBytes(deriveSalt(email, saltSeed)),
    rootScryptParams,
    onProgress,
  );
  return {
    loginPassword: new Secret(base64.encode(root.subarray(0, 32))),
    hmacKey: new Secret(bytesToHex(root.subarray(32, 64))),
    olderHmacKey: new Secret(bytesToHex(root.subarray(64, 96))),
    walletPassword: password,
  };
}

export function newerKeys(secrets: DerivedSecrets): WalletKeys {
  return { hmacKey: secrets.hmacKey, walletPassword: secrets.walletPassword };
}

/** The keys of a wallet that the first client's form stored. */
export function olderKeys(secrets: DerivedSecrets): WalletKeys {
  return {
    hmacKey: secrets.olderHmacKey,
    walletPassword: new Secret(base64.encode(hexToBytes(secrets.hmacKey.reveal()))),
  };
}

/** 32 random bytes as 64 hex digits (P3C-5). */
export function createSaltSeed(randomBytes: RandomBytes): string {
  return bytesToHex(randomBytes(32));
}

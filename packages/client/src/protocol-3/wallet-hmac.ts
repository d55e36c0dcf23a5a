/** The HMAC with which devices vouch for a stored wallet to each other (P3C-6). */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Secret } from "../secret.ts";

/** Hex HMAC-SHA-256 of `<sequence>:<encryptedWallet>`; the key is hex. */
export function walletHmac(
  hmacKey: Secret,
  sequence: number | bigint,
  encryptedWallet: string,
): string {
  const message = utf8ToBytes(`${sequence}:${encryptedWallet}`);
  return bytesToHex(hmac(sha256, hexToBytes(hmacKey.reveal()), message));
}

/** Whether `claimed` is the HMAC, in time that depends only on lengths. */
export function isWalletHmac(
  hmacKey: Secret,
  revision: { readonly sequence: number; readonly encryptedWallet: string; readonly hmac: string },
): boolean {
  return equalTexts(
    walletHmac(hmacKey, revision.sequence, revision.encryptedWallet),
    revision.hmac,
  );
}

function equalTexts(expected: string, claimed: string): boolean {
  let difference = expected.length ^ claimed.length;
  for (let index = 0; index < expected.length; index += 1) {
    // Past the end, charCodeAt gives NaN, which counts as 0: the length difference already decided.
    difference |= expected.charCodeAt(index) ^ claimed.charCodeAt(index);
  }
  return difference === 0;
}

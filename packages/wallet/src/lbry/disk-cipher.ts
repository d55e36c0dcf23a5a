/**
 * The cipher of wallet files that are encrypted on disk (LBRY-24): base64(IV ‖ AES-256-CBC/PKCS#7(text)), the key being double
 * SHA-256 of the password. Weak against guessing, but it is the SDK's.
 */
import { cbc } from "@noble/ciphers/aes.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { passwordBytes } from "./password.ts";
import { decodeStrictUtf8 } from "./text-encoding.ts";
import { WalletError } from "./wallet-error.ts";

const ivBytes = 16;

/** Encrypts one field; the same init vector always gives the same text. */
export function encryptField(text: string, password: string, initVector: Uint8Array): string {
  const encrypted = cbc(deriveDiskKey(password), initVector).encrypt(utf8ToBytes(text));
  return encodeBase64(concatBytes(initVector, encrypted));
}

/** What a field holds and what it was encrypted with; throws `invalid-password` or `malformed-blob`. */
export function decryptField(
  encrypted: string,
  password: string,
): { readonly text: string; readonly initVector: Uint8Array } {
  const bytes = decodeBase64(encrypted);
  const initVector = bytes.slice(0, ivBytes);
  if (initVector.length < ivBytes) {
    throw new WalletError(
      "malformed-blob",
      "An encrypted seed or key in this wallet is cut off, so it cannot be decrypted. Use a backup of the file.",
    );
  }
  try {
    const content = cbc(deriveDiskKey(password), initVector).decrypt(bytes.subarray(ivBytes));
    return { text: decodeStrictUtf8(content), initVector };
  } catch (cause) {
    throw new WalletError("invalid-password", "The password is wrong.", { cause });
  }
}

/** The 32 bytes of the AES key. */
export function deriveDiskKey(password: string): Uint8Array {
  return sha256(sha256(passwordBytes(password)));
}

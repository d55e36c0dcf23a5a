/**
 * Boxes for this device's own store (P4K-40): XChaCha20-Poly1305 under a key that never leaves the device, bound to what it is
 * for and to the account. Nothing of the kind ever goes to a host.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { encodeBase64url, parseBase64url } from "@holdfast/crypto";
import type { RandomBytes } from "../../ports/random-bytes.ts";

const nonceBytes = 24;

type LocalPurpose = "device-key" | "account-key" | "next-account-key";

export type LocalBox = {
  readonly key: Uint8Array;
  readonly purpose: LocalPurpose;
  readonly identity: string;
};

/** base64url of nonce ‖ ciphertext ‖ tag. */
export function sealLocally(box: LocalBox, plaintext: Uint8Array, random: RandomBytes): string {
  const nonce = random(nonceBytes);
  const sealed = xchacha20poly1305(box.key, nonce, associatedData(box)).encrypt(plaintext);
  return encodeBase64url(concatBytes(nonce, sealed));
}

/** null: another key, another purpose, another account, or changed since. */
export function openLocally(box: LocalBox, sealed: string): Uint8Array | null {
  try {
    const bytes = parseBase64url(sealed);
    const cipher = xchacha20poly1305(box.key, bytes.subarray(0, nonceBytes), associatedData(box));
    return cipher.decrypt(bytes.subarray(nonceBytes));
  } catch {
    return null;
  }
}

function associatedData({ purpose, identity }: LocalBox): Uint8Array {
  return utf8ToBytes(`holdfast/4/local/${purpose}\0${identity}`);
}

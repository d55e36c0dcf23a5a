/**
 * Real encryption and authentication with cheap key derivation: what protocol 3 does, without the seconds its scrypt
 * takes. Texts in the clear never leave this module unsealed, so that a search of what was sent means something.
 */
import { createCipheriv, createDecipheriv, createHmac, hash } from "node:crypto";
import type { StoredWallet } from "../host/wire.ts";

export type ModelKeys = {
  /** names the keys without telling them */
  readonly keyId: string;
  /** what is sent to log in */
  readonly login: string;
  readonly sealKey: Buffer;
  readonly hmacKey: Buffer;
};

/** The keys of a password and a salt seed. */
export function deriveModelKeys(password: string, saltSeed: string): ModelKeys {
  const part = (purpose: string): Buffer =>
    createHmac("sha256", saltSeed).update(`${purpose}:${password}`).digest();
  return {
    keyId: part("name").toString("hex", 0, 8),
    login: part("login").toString("base64"),
    sealKey: part("seal"),
    hmacKey: part("hmac"),
  };
}

/** Encrypts a text and authenticates it as this sequence; `nonce` must never repeat. */
export function sealWallet(
  keys: ModelKeys,
  sequence: number,
  text: string,
  nonce: string,
): StoredWallet {
  const iv = hash("sha256", nonce, "buffer").subarray(0, 16);
  const cipher = createCipheriv("aes-256-ctr", keys.sealKey, iv);
  const encryptedWallet = Buffer.concat([iv, cipher.update(text, "utf8")]).toString("base64");
  return { encryptedWallet, sequence, hmac: hmacOf(keys, sequence, encryptedWallet) };
}

/** The text inside; null: the HMAC is wrong. */
export function openWallet(keys: ModelKeys, wallet: StoredWallet): string | null {
  if (hmacOf(keys, wallet.sequence, wallet.encryptedWallet) !== wallet.hmac) return null;
  const bytes = Buffer.from(wallet.encryptedWallet, "base64");
  const decipher = createDecipheriv("aes-256-ctr", keys.sealKey, bytes.subarray(0, 16));
  return decipher.update(bytes.subarray(16)).toString("utf8");
}

/** Names a revision by what it is, computed by whoever receives it. */
export function hashWallet(wallet: StoredWallet): string {
  return hash("sha256", `${wallet.sequence}:${wallet.encryptedWallet}`).slice(0, 16);
}

function hmacOf(keys: ModelKeys, sequence: number, encryptedWallet: string): string {
  return createHmac("sha256", keys.hmacKey).update(`${sequence}:${encryptedWallet}`).digest("hex");
}

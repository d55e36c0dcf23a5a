/**
 * Real encryption and authentication with cheap key derivation: what the protocols do, without the seconds their
 * key stretching takes. Texts in the clear never leave this folder unsealed, so that a search of what was sent means
 * something.
 */
import { createCipheriv, createDecipheriv, createHmac, hash } from "node:crypto";
import type { StoredWallet, WalletHeader } from "../host/wire.ts";

/** Encrypts and authenticates. */
export type BoxKeys = { readonly sealKey: Buffer; readonly hmacKey: Buffer };

export type ModelKeys = BoxKeys & {
  /** names the keys without telling them */
  readonly keyId: string;
  /** what is sent to log in */
  readonly login: string;
};

/** Where a revision stands: in protocol 4 after which other, and under which security state. */
type Place = Pick<StoredWallet, "sequence" | "parent" | "epoch">;

/** The keys of a password and a salt seed. */
export function deriveModelKeys(password: string, saltSeed: string): ModelKeys {
  const part = partsOf(password, saltSeed);
  return {
    keyId: part("name").toString("hex", 0, 8),
    login: part("login").toString("base64"),
    ...deriveBoxKeys(password, saltSeed),
  };
}

/** The keys of a secret for one use. */
export function deriveBoxKeys(secret: string, use: string): BoxKeys {
  const part = partsOf(secret, use);
  return { sealKey: part("seal"), hmacKey: part("hmac") };
}

function partsOf(secret: string, use: string): (purpose: string) => Buffer {
  return (purpose) => createHmac("sha256", use).update(`${purpose}:${secret}`).digest();
}

/** Encrypts a text and authenticates it as the revision of this place; `nonce` must never repeat. */
export function sealWallet(keys: BoxKeys, place: Place, text: string, nonce: string): StoredWallet {
  const encryptedWallet = encrypt(keys, text, nonce);
  return { encryptedWallet, ...place, hmac: hmacOf(keys, { encryptedWallet, ...place }) };
}

/** The text inside; null: the HMAC is wrong. */
export function openWallet(keys: BoxKeys, wallet: StoredWallet): string | null {
  if (hmacOf(keys, wallet) !== wallet.hmac) return null;
  return decrypt(keys, wallet.encryptedWallet);
}

/** A text that only these keys open. */
export function sealText(keys: BoxKeys, text: string, nonce: string): string {
  const sealed = encrypt(keys, text, nonce);
  return `${sealed}.${createHmac("sha256", keys.hmacKey).update(sealed).digest("hex")}`;
}

/** What `sealText` sealed; null: not under these keys. */
export function openText(keys: BoxKeys, text: string): string | null {
  const [sealed = "", hmac] = text.split(".");
  if (createHmac("sha256", keys.hmacKey).update(sealed).digest("hex") !== hmac) return null;
  return decrypt(keys, sealed);
}

/** Names a revision by what it is, computed by whoever receives it. */
export function hashWallet(wallet: Omit<StoredWallet, "hmac">): string {
  const { sequence, encryptedWallet, parent, epoch } = wallet;
  if (parent !== undefined && epoch !== undefined) return hashHeader(headerOf(wallet));
  return hashText(`${sequence}:${encryptedWallet}`);
}

/** A short name for a text. */
export function hashText(text: string): string {
  return hash("sha256", text).slice(0, 16);
}

/** Protocol 4: a revision without its body. */
export function headerOf(wallet: Omit<StoredWallet, "hmac">): WalletHeader {
  const { sequence, parent = "", epoch = 0, encryptedWallet, bodyHash } = wallet;
  return { sequence, parent, epoch, bodyHash: bodyHash ?? hash("sha256", encryptedWallet) };
}

export function hashHeader({ sequence, parent, epoch, bodyHash }: WalletHeader): string {
  return hashText(`${sequence}:${parent}:${epoch}:${bodyHash}`);
}

function encrypt({ sealKey }: BoxKeys, text: string, nonce: string): string {
  const iv = hash("sha256", nonce, "buffer").subarray(0, 16);
  const cipher = createCipheriv("aes-256-ctr", sealKey, iv);
  return Buffer.concat([iv, cipher.update(text, "utf8")]).toString("base64");
}

function decrypt({ sealKey }: BoxKeys, sealed: string): string {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-ctr", sealKey, bytes.subarray(0, 16));
  return decipher.update(bytes.subarray(16)).toString("utf8");
}

function hmacOf(keys: BoxKeys, wallet: Omit<StoredWallet, "hmac">): string {
  const { sequence, encryptedWallet, parent } = wallet;
  const signed = parent === undefined ? `${sequence}:${encryptedWallet}` : hashWallet(wallet);
  return createHmac("sha256", keys.hmacKey).update(signed).digest("hex");
}

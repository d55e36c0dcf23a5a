import type { NewWallet, StoredWallet } from "./wallet-store.ts";

const encoder = new TextEncoder();

/**
 * A wallet as it is stored and answered: `{"encryptedWallet","sequence","hmac"}` as JSON in UTF-8, whose strings read
 * back exactly as they came, lone surrogates included. The bytes have an ArrayBuffer of their own.
 */
export function encodeWallet(wallet: NewWallet): StoredWallet {
  const { encryptedWallet, sequence, hmac, isPlain = false } = wallet;
  // Looking for what to escape costs more than all the rest of a write on this thread.
  const text = isPlain
    ? `{"encryptedWallet":"${encryptedWallet}","sequence":${sequence},"hmac":"${hmac}"}`
    : JSON.stringify({ encryptedWallet, sequence, hmac });
  const bytes = encoder.encode(text);
  return { sequence, body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

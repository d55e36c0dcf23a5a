import type { NewWallet, StoredWallet } from "./wallet-store.ts";

const encoder = new TextEncoder();

/**
 * A wallet as it is stored and answered: `{"encryptedWallet","sequence","hmac"}` as JSON in UTF-8, whose strings read
 * back exactly as they came, lone surrogates included. The bytes have an ArrayBuffer of their own.
 */
export function encodeWallet({ encryptedWallet, sequence, hmac }: NewWallet): StoredWallet {
  const bytes = encoder.encode(JSON.stringify({ encryptedWallet, sequence, hmac }));
  return { sequence, body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

import type { NewWallet, StoredWallet } from "./wallet-store.ts";

const encoder = new TextEncoder();

/**
 * A wallet as it is stored and answered: `{"encryptedWallet","sequence","hmac"}` as JSON in UTF-8, whose strings read
 * back exactly as they came, lone surrogates included. The bytes have an ArrayBuffer of their own.
 */
export function encodeWallet(wallet: NewWallet): StoredWallet {
  const { encryptedWallet, sequence, hmac, isPlain = false } = wallet;
  if (!isPlain) {
    const bytes = encoder.encode(JSON.stringify({ encryptedWallet, sequence, hmac }));
    return { sequence, body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  }
  // Looking for what to escape and encode would cost more than all the rest of a write on this thread.
  const text = `{"encryptedWallet":"${encryptedWallet}","sequence":${sequence},"hmac":"${hmac}"}`;
  const body = Buffer.allocUnsafeSlow(text.length);
  body.write(text, "latin1");
  return { sequence, body };
}

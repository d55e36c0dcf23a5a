/**
 * Base64 as Python's `b64decode` takes it (LBRY-8): characters outside the alphabet are skipped and everything
 * after a complete padding is ignored, which strict decoders refuse.
 */
import { base64 } from "@scure/base";
import { WalletError } from "./wallet-error.ts";

/** The bytes of a base64 text; throws `malformed-blob`. */
export function decodeBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let inQuad = 0;
  let padding = 0;
  let bits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === equalsSign) {
      padding += 1;
      if (inQuad >= 2 && inQuad + padding >= 4) return bytes.slice(0, length);
      continue;
    }
    const value = unit < 128 ? (sixBits[unit] ?? notInAlphabet) : notInAlphabet;
    if (value === notInAlphabet) continue;
    padding = 0;
    bits = ((bits << 6) | value) & 0xffff;
    if (inQuad > 0) {
      bytes[length] = (bits >> (6 - 2 * inQuad)) & 0xff;
      length += 1;
    }
    inQuad = (inQuad + 1) % 4;
  }
  if (inQuad !== 0) {
    throw new WalletError(
      "malformed-blob",
      "This is not complete base64, so part of the packed wallet is missing. Copy all of it and try again.",
    );
  }
  return bytes.slice(0, length);
}

/** Base64 with padding, on one line. */
export function encodeBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

const equalsSign = 0x3d;
const notInAlphabet = 64;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const sixBits = new Uint8Array(128).fill(notInAlphabet);
for (let value = 0; value < alphabet.length; value += 1) {
  sixBits[alphabet.charCodeAt(value)] = value;
}

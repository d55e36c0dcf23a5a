/** Base64url without padding, the one form of binary in JSON (P4C-3). */
import { base64urlnopad } from "@scure/base";
import { malformed } from "../crypto-error.ts";

export function encodeBase64url(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes);
}

/** Bytes of a text, of exactly `length` bytes where given; throws `malformed` for every other spelling of the same bytes. */
export function parseBase64url(text: string, length?: number): Uint8Array {
  if (length !== undefined && text.length !== Math.ceil((length * 4) / 3)) {
    throw malformed("base64url text");
  }
  try {
    return base64urlnopad.decode(text);
  } catch {
    throw malformed("base64url text");
  }
}

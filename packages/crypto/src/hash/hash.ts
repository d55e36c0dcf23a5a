/** Hashes as texts (P4C-4): SHA-256, base64url. */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { encodeBase64url } from "../bytes/base64url.ts";
import type { Hash } from "../identifiers.ts";

export function hashBytes(bytes: Uint8Array): Hash {
  return encodeBase64url(sha256(bytes)) as Hash;
}

/** The hash of a canonical text: of its UTF-8 bytes. */
export function hashText(text: string): Hash {
  return hashBytes(utf8ToBytes(text));
}

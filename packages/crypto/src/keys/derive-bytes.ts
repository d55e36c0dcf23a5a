/** HKDF-SHA-256 with an empty salt and `info = "holdfast/4/" + purpose` (P4C-5): no two purposes share a key. */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

export type Purpose =
  | "slot/password"
  | "slot/recovery"
  | "slot/passkey"
  | "recovery-lookup"
  | "wallet-key"
  | "writer"
  | "opaque-origin"
  | "unknown-id"
  | "unknown-id-record";

/** 32 bytes for one purpose from uniformly random `input`. */
export function deriveBytes(input: Uint8Array, purpose: Purpose): Uint8Array {
  return hkdf(sha256, input, undefined, utf8ToBytes(`holdfast/4/${purpose}`), 32);
}

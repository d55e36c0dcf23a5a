/**
 * The origin tag (P4C-72): the client's last login message says, under the session key, with which origin it thinks it talks.
 * A host that passes a login on to another gains nothing: that one refuses the tag and gives no token.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { HostOrigin } from "../identifiers.ts";
import { deriveBytes } from "../keys/derive-bytes.ts";

export const originTagBytes = 32;

export function originTag(sessionKey: Uint8Array, origin: HostOrigin): Uint8Array {
  return hmac(sha256, deriveBytes(sessionKey, "opaque-origin"), utf8ToBytes(origin));
}

/**
 * Credentials for ids that have no account (P4C-73). The credential id is always the same for the same id, so that asking twice
 * tells nothing, and unpredictable without the host's setup secret. The record is one that no password fits: with none at all
 * the library has less to read, which shows in the time.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { encodeBase64url } from "../bytes/base64url.ts";
import { deriveBytes } from "../keys/derive-bytes.ts";
import type { Secret } from "../secret/secret.ts";

/** `id` is in its normalised form. */
export function unknownIdCredential(setup: Secret<"opaque-setup">, id: string): string {
  const key = deriveBytes(setup.expose(), "unknown-id");
  return encodeBase64url(hmac(sha256, key, utf8ToBytes(id)));
}

/** The public key of null records, with a masking key (64 bytes) and an envelope (96) that nobody made. */
export function unknownIdRecord(setup: Secret<"opaque-setup">): string {
  const key = deriveBytes(setup.expose(), "unknown-id-record");
  const blocks = Array.from({ length: 5 }, (_, at) => hmac(sha256, key, Uint8Array.of(at)));
  return encodeBase64url(concatBytes(setup.expose().subarray(96), ...blocks));
}

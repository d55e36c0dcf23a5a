/**
 * Credential ids for ids that have no account (P4C-73): always the same for the same id, so that asking twice tells nothing,
 * and unpredictable without the host's setup secret.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { encodeBase64url } from "../bytes/base64url.ts";
import { deriveBytes } from "../keys/derive-bytes.ts";
import type { Secret } from "../secret/secret.ts";

/** `id` is in its normalised form. */
export function unknownIdCredential(setup: Secret<"opaque-setup">, id: string): string {
  const key = deriveBytes(setup.expose(), "unknown-id");
  return encodeBase64url(hmac(sha256, key, utf8ToBytes(id)));
}

/** Ed25519 signatures over canonical texts, separated by type (P4C-6). */
import { ed25519 } from "@noble/curves/ed25519.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { encodeBase64url } from "../bytes/base64url.ts";
import { type CanonicalObject, encodeCanonical } from "../canonical/canonical-json.ts";
import type { PublicKey } from "../identifiers.ts";
import type { Secret } from "../secret/secret.ts";
import { inDomain, type SignatureType } from "./domain.ts";
import type { Signed } from "./signed.ts";

/** 32 bytes of which an Ed25519 key is made. */
export type SigningSeed = Secret<"authority-seed"> | Secret<"writer-seed">;

export function publicKeyOf(seed: SigningSeed): PublicKey {
  return encodeBase64url(ed25519.getPublicKey(seed.expose())) as PublicKey;
}

/** The signature of a canonical text, as base64url. */
export function signText(type: SignatureType, body: string, seed: SigningSeed): string {
  return encodeBase64url(ed25519.sign(inDomain(type, utf8ToBytes(body)), seed.expose()));
}

/** The canonical text of a statement with its signature. */
export function signObject(type: SignatureType, value: CanonicalObject, seed: SigningSeed): Signed {
  const body = encodeCanonical(value);
  return { body, signature: signText(type, body, seed) };
}

/**
 * Sealed boxes (P4C-8): XChaCha20-Poly1305 as `nonce (24) ‖ ciphertext ‖ tag (16)`. The associated data is the whole
 * context, so a box opens where it was sealed for and nowhere else.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { concatBytes } from "@noble/hashes/utils.js";
import type { RandomBytes } from "../bytes/random.ts";
import { type CanonicalObject, canonicalBytes } from "../canonical/canonical-json.ts";
import { cannotOpen, openOrRefuse } from "../crypto-error.ts";
import { inDomain, type SealedType } from "../signature/domain.ts";

const nonceBytes = 24;
const tagBytes = 16;

interface Box {
  readonly type: SealedType;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** Everything that the box is bound to. */
  readonly context: CanonicalObject;
}

export function sealBox(box: Box, plaintext: Uint8Array, random: RandomBytes): Uint8Array {
  const nonce = random(nonceBytes);
  return concatBytes(nonce, cipher(box, nonce).encrypt(plaintext));
}

/** The plaintext; throws `cannot-open` for another key, another context or any changed byte. */
export function openBox(box: Box, sealed: Uint8Array): Uint8Array {
  if (sealed.length < nonceBytes + tagBytes) throw cannotOpen();
  return openOrRefuse(() =>
    cipher(box, sealed.subarray(0, nonceBytes)).decrypt(sealed.subarray(nonceBytes)),
  );
}

function cipher({ type, key, context }: Box, nonce: Uint8Array) {
  return xchacha20poly1305(key, nonce, inDomain(type, canonicalBytes(context)));
}

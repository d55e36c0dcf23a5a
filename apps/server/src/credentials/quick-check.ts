/**
 * Node's own check of Ed25519 (OpenSSL), a twentieth of the cost of noble's. It compares R's bytes and checks S < L and the equation
 * without the cofactor, but takes keys of small and mixed order and other spellings of a point; so a key is parsed strictly
 * before, once. What it accepts is then what noble accepts; what it refuses noble looks at (P4C-7).
 */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import {
  CryptoError,
  parsePublicKey,
  type PublicKey,
  type QuickCheck,
} from "@holdfast/crypto/verify";
import { LRUCache } from "lru-cache";

/** Parsing a key strictly costs more than a signature, and the same writers come again and again. */
const MAX_KEYS = 10_000;

const keys = new LRUCache<string, KeyObject>({ max: MAX_KEYS });

export const quickCheck: QuickCheck = (signature, message, publicKey) => {
  const key = keys.get(publicKey) ?? readKey(publicKey);
  if (key === undefined) return false;
  keys.set(publicKey, key);
  return verify(null, message, key, signature);
};

/** Undefined for what is no key of protocol 4. */
function readKey(publicKey: PublicKey): KeyObject | undefined {
  try {
    const jwk = { kty: "OKP", crv: "Ed25519", x: parsePublicKey(publicKey) };
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}

/**
 * HPKE (RFC 9180) in PSK mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM: the suite that Node and
 * browsers have in WebCrypto. The library draws the sender's ephemeral key from WebCrypto itself (P4C-11).
 */
import { x25519 } from "@noble/curves/ed25519.js";
import {
  AEAD_AES_256_GCM,
  CipherSuite,
  KDF_HKDF_SHA256,
  KEM_DHKEM_X25519_HKDF_SHA256,
  type CryptoKey,
  type KeyPair,
} from "hpke";

export type HpkeKeyPair = KeyPair<CryptoKey>;

/** Length of the encapsulated key that precedes a ciphertext. */
export const encapsulatedBytes = 32;

/** The recipient's keys for a private key of 32 random bytes. */
export async function recipientKeys(privateKey: Uint8Array): Promise<HpkeKeyPair> {
  const publicKey = await suite.DeserializePublicKey(x25519.getPublicKey(privateKey));
  return { privateKey: await suite.DeserializePrivateKey(privateKey), publicKey };
}

export const suite: CipherSuite<CryptoKey> = new CipherSuite(
  KEM_DHKEM_X25519_HKDF_SHA256,
  KDF_HKDF_SHA256,
  AEAD_AES_256_GCM,
);

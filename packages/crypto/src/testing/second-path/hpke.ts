/** HPKE's PSK mode (RFC 9180) with X25519 and HKDF-SHA256, from Node's primitives. One message, sequence number 0. */
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from "node:crypto";
import { expand, extract } from "./hkdf.ts";

export interface HpkeContext {
  /** 1: AES-128-GCM, 2: AES-256-GCM. */
  readonly aeadId: 1 | 2;
  readonly info: Uint8Array;
  readonly psk: Uint8Array;
  readonly pskId: Uint8Array;
  readonly aad: Uint8Array;
}

export function sealHpke(
  ephemeralPrivate: Uint8Array,
  recipientPublic: Uint8Array,
  context: HpkeContext,
  plaintext: Uint8Array,
): { encapsulated: Buffer; ciphertext: Buffer } {
  const ephemeral = privateKey(ephemeralPrivate);
  const encapsulated = rawPublic(ephemeral);
  const shared = diffieHellman({ privateKey: ephemeral, publicKey: publicKey(recipientPublic) });
  const { key, nonce, algorithm } = schedule(shared, encapsulated, recipientPublic, context);
  const cipher = createCipheriv(algorithm, key, nonce);
  cipher.setAAD(context.aad);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return { encapsulated, ciphertext };
}

export function openHpke(
  recipientPrivate: Uint8Array,
  encapsulated: Uint8Array,
  context: HpkeContext,
  ciphertext: Uint8Array,
): Buffer {
  const recipient = privateKey(recipientPrivate);
  const shared = diffieHellman({ privateKey: recipient, publicKey: publicKey(encapsulated) });
  const { key, nonce, algorithm } = schedule(shared, encapsulated, rawPublic(recipient), context);
  const decipher = createDecipheriv(algorithm, key, nonce);
  decipher.setAAD(context.aad);
  decipher.setAuthTag(ciphertext.subarray(-16));
  return Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
}

const hash = "sha256";
const none = Buffer.alloc(0);

function schedule(
  dh: Uint8Array,
  encapsulated: Uint8Array,
  recipientPublic: Uint8Array,
  { aeadId, info, psk, pskId }: HpkeContext,
) {
  const kem = Buffer.from([...Buffer.from("KEM"), 0, 0x20]);
  const suite = Buffer.from([...Buffer.from("HPKE"), 0, 0x20, 0, 1, 0, aeadId]);
  const prk = labeledExtract(kem, none, "eae_prk", dh);
  const kemContext = Buffer.concat([encapsulated, recipientPublic]);
  const shared = labeledExpand(kem, prk, "shared_secret", kemContext, 32);

  const pskIdHash = labeledExtract(suite, none, "psk_id_hash", pskId);
  const infoHash = labeledExtract(suite, none, "info_hash", info);
  const context = Buffer.concat([Uint8Array.of(1), pskIdHash, infoHash]);
  const secret = labeledExtract(suite, shared, "secret", psk);
  const keyBytes = aeadId === 1 ? 16 : 32;
  return {
    key: labeledExpand(suite, secret, "key", context, keyBytes),
    nonce: labeledExpand(suite, secret, "base_nonce", context, 12),
    algorithm: aeadId === 1 ? "aes-128-gcm" : "aes-256-gcm",
  } as const;
}

function labeledExtract(suite: Buffer, salt: Uint8Array, label: string, input: Uint8Array): Buffer {
  return extract(
    hash,
    salt,
    Buffer.concat([Buffer.from("HPKE-v1"), suite, Buffer.from(label), input]),
  );
}

function labeledExpand(
  suite: Buffer,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Buffer {
  const prefix = Buffer.concat([
    Uint8Array.of(length >> 8, length & 255),
    Buffer.from("HPKE-v1"),
    suite,
  ]);
  return expand(hash, prk, Buffer.concat([prefix, Buffer.from(label), info]), length);
}

function privateKey(raw: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), raw]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

function publicKey(raw: Uint8Array): KeyObject {
  const jwk = { kty: "OKP", crv: "X25519", x: Buffer.from(raw).toString("base64url") };
  return createPublicKey({ key: jwk, format: "jwk" });
}

function rawPublic(key: KeyObject): Buffer {
  return Buffer.from(createPublicKey(key).export({ format: "jwk" }).x ?? "", "base64url");
}

/**
 * What an OPAQUE registration (RFC 9807, ristretto255, HKDF-SHA-512) leaves behind, computed from both sides' secrets at
 * once: the record, and the export key. The group is @noble/curves', everything else Node's.
 */
import { argon2Sync, createHmac } from "node:crypto";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { expand, extract } from "./hkdf.ts";

export interface OpaqueInputs {
  readonly oprfSeed: Uint8Array;
  readonly credentialId: Uint8Array;
  readonly serverPublic: Uint8Array;
  readonly password: Uint8Array;
  readonly envelopeNonce: Uint8Array;
  readonly stretch: (input: Uint8Array) => Uint8Array;
}

export function registerOpaque(inputs: OpaqueInputs): { record: Buffer; exportKey: Buffer } {
  const { oprfSeed, credentialId, serverPublic, password, envelopeNonce, stretch } = inputs;
  const seed = expand(hash, oprfSeed, Buffer.concat([credentialId, Buffer.from("OprfKey")]), 32);
  const oprfKey = keyPair(seed, "OPAQUE-DeriveKeyPair").secretKey;
  const { blind, blinded } = oprf.blind(password);
  const output = oprf.finalize(password, blind, oprf.blindEvaluate(oprfKey, blinded));

  const randomized = extract(hash, Buffer.alloc(0), Buffer.concat([output, stretch(output)]));
  const derive = (prefix: Uint8Array, label: string, length: number) =>
    expand(hash, randomized, Buffer.concat([prefix, Buffer.from(label)]), length);
  const maskingKey = derive(Buffer.alloc(0), "MaskingKey", 64);
  const authKey = derive(envelopeNonce, "AuthKey", 64);
  const exportKey = derive(envelopeNonce, "ExportKey", 64);
  const client = keyPair(
    derive(envelopeNonce, "PrivateKey", 32),
    "OPAQUE-DeriveDiffieHellmanKeyPair",
  ).publicKey;

  const authenticated = Buffer.concat([
    envelopeNonce,
    serverPublic,
    withLength(serverPublic),
    withLength(client),
  ]);
  const tag = createHmac(hash, authKey).update(authenticated).digest();
  return { record: Buffer.concat([client, maskingKey, envelopeNonce, tag]), exportKey };
}

/** Protocol 4's key stretching: Argon2id, 64 MiB, 6 passes, 4 lanes, a salt of 16 zeros, 64 bytes. */
export function protocol4Stretching(input: Uint8Array): Uint8Array {
  return argon2Sync("argon2id", {
    message: input,
    nonce: Buffer.alloc(16),
    memory: 64 * 1024,
    passes: 6,
    parallelism: 4,
    tagLength: 64,
  });
}

/** A setup secret as the OPAQUE library stores it: OPRF seed, private key, public key of null records. */
export function setupOf(oprfSeed: Uint8Array, serverSeed: Uint8Array, nullSeed: Uint8Array) {
  const server = keyPair(serverSeed, "OPAQUE-DeriveDiffieHellmanKeyPair");
  const forNull = keyPair(nullSeed, "OPAQUE-DeriveDiffieHellmanKeyPair");
  const setup = Buffer.concat([oprfSeed, server.secretKey, forNull.publicKey]);
  return { setup, serverPublic: server.publicKey };
}

const hash = "sha512";
const { oprf } = ristretto255_oprf;

function keyPair(seed: Uint8Array, info: string) {
  return oprf.deriveKeyPair(seed, Buffer.from(info));
}

function withLength(bytes: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes]);
}

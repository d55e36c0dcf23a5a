/** XChaCha20-Poly1305 from Node's ChaCha20-Poly1305: a key of HChaCha20, and a nonce of four zeros and the last eight bytes. */
import { createCipheriv, createDecipheriv } from "node:crypto";

const tagBytes = 16;

/** The plaintext of `nonce (24) ‖ ciphertext ‖ tag`; throws when it does not open. */
export function openXChaCha(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Buffer {
  const end = sealed.length - tagBytes;
  const decipher = createDecipheriv("chacha20-poly1305", ...subkey(key, sealed), options);
  decipher.setAAD(aad, { plaintextLength: end - 24 });
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(24, end)), decipher.final()]);
}

/** `nonce ‖ ciphertext ‖ tag`. */
export function sealXChaCha(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): Buffer {
  const cipher = createCipheriv("chacha20-poly1305", ...subkey(key, nonce), options);
  cipher.setAAD(aad, { plaintextLength: plaintext.length });
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]);
}

/** `"holdfast/4/" ‖ type ‖ 0 ‖ canonical bytes`. */
export function domain(type: string, canonicalText: string): Buffer {
  return Buffer.from(`holdfast/4/${type}\0${canonicalText}`, "utf8");
}

const options = { authTagLength: tagBytes } as const;

function subkey(key: Uint8Array, nonce: Uint8Array): [key: Uint8Array, nonce: Uint8Array] {
  const chachaNonce = Buffer.concat([Buffer.alloc(4), nonce.subarray(16, 24)]);
  return [hchacha20(key, nonce.subarray(0, 16)), chachaNonce];
}

/** draft-irtf-cfrg-xchacha-03, section 2.2. */
function hchacha20(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const words = new Uint32Array(16);
  words.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
  const input = Buffer.concat([key, nonce]);
  for (let at = 0; at < 12; at += 1) words[4 + at] = input.readUInt32LE(at * 4);
  for (let round = 0; round < 10; round += 1) {
    for (const [a, b, c, d] of quarters) quarterRound(words, a, b, c, d);
  }
  const output = Buffer.alloc(32);
  for (let at = 0; at < 4; at += 1) {
    output.writeUInt32LE(words[at] ?? 0, at * 4);
    output.writeUInt32LE(words[12 + at] ?? 0, 16 + at * 4);
  }
  return output;
}

const quarters = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

function quarterRound(words: Uint32Array, a: number, b: number, c: number, d: number): void {
  const step = (to: number, from: number, xored: number, bits: number) => {
    words[to] = (words[to] ?? 0) + (words[from] ?? 0);
    const mixed = (words[xored] ?? 0) ^ (words[to] ?? 0);
    words[xored] = (mixed << bits) | (mixed >>> (32 - bits));
  };
  step(a, b, d, 16);
  step(c, d, b, 12);
  step(a, b, d, 8);
  step(c, d, b, 7);
}

/**
 * Padmé padding (P4C-52): `length (4, big-endian) ‖ content ‖ zeros`, up to a length whose mantissa is no longer than its
 * exponent. Lengths tell at most O(log log n) bits, for at most 12 % more bytes (Nikitin et al., "Reducing Metadata
 * Leakage from Encrypted Files and Communication with PURBs").
 */
import { malformed } from "../crypto-error.ts";

const prefixBytes = 4;

/** The padded length for `length` bytes. */
export function padmeLength(length: number): number {
  if (length < 2) return length;
  const exponent = 31 - Math.clz32(length);
  const mantissaBits = 32 - Math.clz32(exponent);
  const mask = 2 ** (exponent - mantissaBits) - 1;
  return (length + mask) & ~mask;
}

export function pad(content: Uint8Array): Uint8Array {
  const padded = new Uint8Array(padmeLength(prefixBytes + content.length));
  new DataView(padded.buffer).setUint32(0, content.length);
  padded.set(content, prefixBytes);
  return padded;
}

/** The content of padded bytes; throws `malformed` for any other length or filling than `pad` gives. */
export function unpad(padded: Uint8Array): Uint8Array {
  if (padded.length < prefixBytes) throw malformed("padded content");
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  const end = prefixBytes + length;
  if (padded.length !== padmeLength(end)) throw malformed("padded content");
  if (padded.subarray(end).some((byte) => byte !== 0)) throw malformed("padded content");
  return padded.slice(prefixBytes, end);
}

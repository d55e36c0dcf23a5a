/**
 * The plaintext of a revision (P4C-52): canonical JSON, zlib-compressed, padded by Padmé. Document, conflicts and retired keys
 * are texts in their format's own, lossless spelling, which this package does not look into.
 */
import { deflate, Inflate } from "pako";
import { concatBytes } from "@noble/hashes/utils.js";
import { canonicalBytes, parseCanonicalBytes } from "../canonical/canonical-json.ts";
import * as field from "../canonical/fields.ts";
import { optional, type Read, record, text } from "../canonical/reader.ts";
import { malformed } from "../crypto-error.ts";
import { limits } from "../limits.ts";
import { pad, unpad } from "../padding/padme.ts";

const upgradedFrom = record("upgrade note", { sequence: field.ordinal, hash: text(256) });
const anyLength = text(limits.inflatedBytes);
const shape = {
  format: text(64),
  document: anyLength,
  conflicts: anyLength,
  retired: anyLength,
  upgradedFrom: optional(upgradedFrom),
};
const readContent = record("revision content", shape);

/** `upgradedFrom` is in the first revision after an upgrade from protocol 3: the sequence and hash that it continues. */
export type RevisionContent = Read<typeof shape>;

export function packContent(content: RevisionContent): Uint8Array {
  return pad(deflate(canonicalBytes(content)));
}

/** The content of a plaintext that unfolds to at most `maxBytes`; throws `malformed`. */
export function unpackContent(packed: Uint8Array, maxBytes: number): RevisionContent {
  return readContent(parseCanonicalBytes(inflateAtMost(unpad(packed), maxBytes), maxBytes));
}

function inflateAtMost(stream: Uint8Array, maxBytes: number): Uint8Array {
  const inflate = new Inflate({ windowBits: 15 });
  const chunks: Uint8Array[] = [];
  let total = 0;
  inflate.onData = (chunk) => {
    total += chunk.length;
    if (total > maxBytes) throw malformed("revision content: it is too long");
    chunks.push(chunk);
  };
  inflate.push(stream, true);
  if (inflate.err !== 0) throw malformed("revision content");
  return concatBytes(...chunks);
}

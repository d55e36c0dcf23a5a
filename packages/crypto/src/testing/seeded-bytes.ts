import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { RandomBytes } from "../bytes/random.ts";

/** A stream of bytes that a seed repeats: SHA-256(seed ‖ 32-bit counter from 0), one block after the other, cut as asked for. */
export function seededBytes(seed: string): RandomBytes {
  let counter = 0;
  let left = new Uint8Array(0);
  return (length) => {
    while (left.length < length) {
      const block = new Uint8Array(4);
      new DataView(block.buffer).setUint32(0, counter);
      counter += 1;
      left = concatBytes(left, sha256(concatBytes(utf8ToBytes(seed), block)));
    }
    const taken = left.slice(0, length);
    left = left.slice(length);
    return taken;
  };
}

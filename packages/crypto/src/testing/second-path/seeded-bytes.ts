/** The vectors' stream of random bytes: SHA-256(seed ‖ 32-bit big-endian counter from 0), block after block. */
import { createHash } from "node:crypto";

export function seededBytes(seed: string): (length: number) => Uint8Array {
  let counter = 0;
  let left: Uint8Array = new Uint8Array(0);
  return (length) => {
    while (left.length < length) {
      const block = Buffer.alloc(4);
      block.writeUInt32BE(counter);
      counter += 1;
      left = Buffer.concat([left, createHash("sha256").update(seed).update(block).digest()]);
    }
    const taken = new Uint8Array(left.subarray(0, length));
    left = left.subarray(length);
    return taken;
  };
}

/** HKDF (RFC 5869) from Node's HMAC, in its two halves. */
import { createHmac } from "node:crypto";

export function extract(hash: string, salt: Uint8Array, input: Uint8Array): Buffer {
  return createHmac(hash, salt).update(input).digest();
}

export function expand(hash: string, key: Uint8Array, info: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  let block = Buffer.alloc(0);
  for (let counter = 1; Buffer.concat(blocks).length < length; counter += 1) {
    block = createHmac(hash, key)
      .update(block)
      .update(info)
      .update(Uint8Array.of(counter))
      .digest();
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, length);
}

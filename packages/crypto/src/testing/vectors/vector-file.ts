/** A file of vectors: every binary is hex in a field that ends in `_hex`, every canonical text a string. */
export interface VectorFile {
  readonly title: string;
  readonly made_with: string;
  readonly cases: readonly VectorCase[];
}

export interface VectorCase {
  readonly name: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

export const madeWith =
  "packages/crypto/src/testing/vectors (npm run vectors -w packages/crypto); secrets come from SHA-256(seed ‖ counter)";

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

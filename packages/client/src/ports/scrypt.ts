/** How far a key derivation is. scrypt cannot tell: `estimatedMs` is measured on this machine just before, or null. */
export type DerivationProgress = {
  readonly elapsedMs: number;
  readonly estimatedMs: number | null;
};

export type ScryptParams = {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly dkLen: number;
};

/** scrypt (RFC 7914), off the main thread where the platform can; also serves as the wallet package's `Scrypt`. */
export type Scrypt = (
  password: Uint8Array,
  salt: Uint8Array,
  params: ScryptParams,
  onProgress?: (progress: DerivationProgress) => void,
) => Promise<Uint8Array>;

/** The keys of one generation of one wallet (P4C-28). */
import { deriveBytes } from "../keys/derive-bytes.ts";
import type { PublicKey } from "../identifiers.ts";
import { Secret } from "../secret/secret.ts";
import { publicKeyOf } from "../signature/signing-key.ts";

/** 32 random bytes: whoever has them reads and writes this generation of this wallet, and no other. */
export type GenerationSecret = Secret<"generation-secret">;

export interface GenerationKeys {
  readonly walletKey: Secret<"wallet-key">;
  readonly writerSeed: Secret<"writer-seed">;
  readonly writerKey: PublicKey;
}

export function generationKeys(secret: GenerationSecret): GenerationKeys {
  const writerSeed = new Secret("writer-seed", deriveBytes(secret.expose(), "writer"));
  return {
    walletKey: new Secret("wallet-key", deriveBytes(secret.expose(), "wallet-key")),
    writerSeed,
    writerKey: publicKeyOf(writerSeed),
  };
}

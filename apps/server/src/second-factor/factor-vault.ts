/**
 * Keeps second factors from whoever has the database alone: secrets are sealed, and codes hashed, under keys from the host's
 * setup secret, which lies apart from it (P4-11).
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import type { OpaqueSetup, RandomBytes } from "@holdfast/crypto/verify";
import { ServerError } from "../server-error.ts";

export interface FactorVault {
  sealSecret(userId: number, secret: Uint8Array): string;
  /** Throws ServerError `database-unusable` for what was not sealed here for this account. */
  openSecret(userId: number, sealed: string): Uint8Array;
  hashCode(userId: number, code: string): string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function createFactorVault(setup: OpaqueSetup, randomBytes: RandomBytes): FactorVault {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync("sha256", setup.expose(), "", `holdfast/4/host/${purpose}`, 32));
  const secretKey = derive("totp");
  const codeKey = derive("recovery-codes");

  return {
    sealSecret(userId, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", secretKey, nonce);
      cipher.setAAD(Buffer.from(String(userId)));
      const parts = [nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(parts).toString("base64url");
    },

    openSecret(userId, sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      try {
        const decipher = createDecipheriv(
          "aes-256-gcm",
          secretKey,
          bytes.subarray(0, NONCE_BYTES),
          { authTagLength: TAG_BYTES },
        );
        decipher.setAAD(Buffer.from(String(userId)));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        const ciphertext = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
      } catch (cause) {
        throw new ServerError(
          "database-unusable",
          "A second factor in the database does not belong to this host's setup secret. Restore both from the same backup.",
          { cause },
        );
      }
    },

    hashCode: (userId, code) =>
      createHmac("sha256", codeKey).update(`${userId}\u0000${code}`).digest("base64url"),
  };
}

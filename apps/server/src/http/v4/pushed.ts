/** Pushed revisions as the domain takes them. */
import type { HealWalletRequest, PutWalletRequest } from "@holdfast/protocol/protocol-4";
import { parseBase64url } from "@holdfast/crypto/verify";
import type { PushedRevisions } from "../../revisions/check-pushed.ts";

/** The next revision. Its certificate, if any, can only be for the generation that is open. Throws CryptoError `malformed`. */
export function decodePut(
  walletId: string,
  openGeneration: number,
  { header, encryptedWallet, certificate, keepsPrevious = false }: PutWalletRequest,
): PushedRevisions {
  return {
    walletId,
    headers: [header],
    encryptedWallet: parseBase64url(encryptedWallet),
    certificates: new Map(certificate === undefined ? [] : [[openGeneration, certificate]]),
    keepsPrevious,
  };
}

/** What a restored host lacks. Throws CryptoError `malformed`. */
export function decodeHealing(
  walletId: string,
  { headers, encryptedWallet, certificates }: HealWalletRequest,
): PushedRevisions {
  return {
    walletId,
    headers,
    encryptedWallet: parseBase64url(encryptedWallet),
    certificates: new Map(certificates.map((one) => [one.generation, one.certificate])),
    keepsPrevious: false,
  };
}

/**
 * Writer certificates (P4C-50): the authority key's word that a key writes one generation of one wallet. `epoch` names the
 * state whose authority key signed; that state has to name this generation or a later one, so that an account can also
 * certify a closed generation anew, for a host that lost it.
 */
import { parseCanonical } from "../canonical/canonical-json.ts";
import * as field from "../canonical/fields.ts";
import { type Read, record } from "../canonical/reader.ts";
import { CryptoError } from "../crypto-error.ts";
import type { Hash, PublicKey, WalletId } from "../identifiers.ts";
import { limits } from "../limits.ts";
import type { Signed } from "../signature/signed.ts";
import { type QuickCheck, verifySignature } from "../signature/verify-signature.ts";
import type { SecurityState } from "../state/security-state.ts";

const shape = {
  v: field.version,
  identity: field.hash,
  walletId: field.walletId,
  generation: field.ordinal,
  epoch: field.ordinal,
  writerKey: field.publicKey,
};
const readCertificate = record("writer certificate", shape);

type Certificate = Read<typeof shape>;

/** The generation that a certificate must be for. */
export interface CertificateContext {
  readonly identity: Hash;
  readonly walletId: WalletId;
  readonly generation: number;
  /** The account's state of an epoch, if there is one. */
  readonly stateAt: (epoch: number) => SecurityState | undefined;
  readonly quickCheck?: QuickCheck | undefined;
}

/** The writer key that a certificate gives to exactly this generation; undefined when it does not. */
export function certifiedKey(
  { body, signature }: Signed,
  { identity, walletId, generation, stateAt, quickCheck }: CertificateContext,
): PublicKey | undefined {
  const certificate = parseCertificate(body);
  if (certificate === undefined) return undefined;
  const state = stateAt(certificate.epoch);
  if (state === undefined) return undefined;
  const exists = state.wallets.some(
    (wallet) => wallet.walletId === walletId && wallet.generation >= generation,
  );
  const fits =
    certificate.identity === identity &&
    certificate.walletId === walletId &&
    certificate.generation === generation &&
    exists &&
    verifySignature("certificate", body, signature, state.authorityKey, quickCheck);
  return fits ? certificate.writerKey : undefined;
}

function parseCertificate(body: string): Certificate | undefined {
  try {
    return readCertificate(parseCanonical(body, limits.certificateBytes));
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}

/** A sealed revision of protocol 4 as the engine keeps it: flat texts that it never looks into. */
import { parseBase64url, type Signed } from "@holdfast/crypto";
import type { Revision } from "@holdfast/protocol/protocol-4";
import type { RevisionRef, SealedRevision } from "../../engine/index.ts";

export function encodePayload(
  ref: RevisionRef,
  { header, encryptedWallet }: Revision,
  certificate?: Signed,
): SealedRevision {
  return {
    sequence: ref.sequence,
    hash: ref.hash,
    payload: {
      header: header.body,
      signature: header.signature,
      encryptedWallet,
      ...(certificate && {
        certificate: certificate.body,
        certificateSignature: certificate.signature,
      }),
    },
    sizeBytes: Math.floor((encryptedWallet.length * 3) / 4),
  };
}

/** null: not a revision of this protocol. */
export function decodePayload({
  payload,
}: SealedRevision): { readonly revision: Revision; readonly certificate: Signed | null } | null {
  const { header, signature, encryptedWallet, certificate, certificateSignature } = payload;
  if (header === undefined || signature === undefined || encryptedWallet === undefined) return null;
  return {
    revision: { header: { body: header, signature }, encryptedWallet },
    certificate:
      certificate === undefined || certificateSignature === undefined
        ? null
        : { body: certificate, signature: certificateSignature },
  };
}

/** null: no base64url. */
export function ciphertextOf({ encryptedWallet }: Revision): Uint8Array | null {
  try {
    return parseBase64url(encryptedWallet);
  } catch {
    return null;
  }
}

/** Making and opening revisions (P4C-53, P4C-54). */
import type { RandomBytes } from "../bytes/random.ts";
import type { CanonicalObject } from "../canonical/canonical-json.ts";
import { cannotOpen, openOrRefuse } from "../crypto-error.ts";
import { hashBytes } from "../hash/hash.ts";
import type { Hash, WalletId } from "../identifiers.ts";
import { limits } from "../limits.ts";
import { openBox, sealBox } from "../sealed/sealed-box.ts";
import type { Secret } from "../secret/secret.ts";
import { signObject } from "../signature/signing-key.ts";
import type { GenerationKeys } from "../wallet/generation-keys.ts";
import { packContent, type RevisionContent, unpackContent } from "./content.ts";
import { asVerifiedHeader, type Head, type Header, type VerifiedHeader } from "./header.ts";

export interface RevisionToSeal {
  readonly identity: Hash;
  readonly walletId: WalletId;
  /** The head that it follows; absent for a wallet's first revision. */
  readonly head?: Head | undefined;
  readonly generation: number;
  /** Of the newest state that this device knows. */
  readonly epoch: number;
  readonly deviceId: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly content: RevisionContent;
  readonly keys: GenerationKeys;
}

export interface SealedRevision {
  readonly header: VerifiedHeader;
  /** nonce ‖ ciphertext ‖ tag. */
  readonly encryptedWallet: Uint8Array;
}

export function sealRevision(revision: RevisionToSeal, random: RandomBytes): SealedRevision {
  const { identity, walletId, head, generation, epoch, deviceId, savedAt, content, keys } =
    revision;
  const context = {
    v: 4 as const,
    identity,
    walletId,
    sequence: (head?.sequence ?? 0) + 1,
    ...(head !== undefined && { parent: head.hash }),
    generation,
    epoch,
    deviceId,
    savedAt,
  };
  const encryptedWallet = sealBox(box(keys.walletKey, context), packContent(content), random);
  const header = { ...context, encryptedWalletHash: hashBytes(encryptedWallet) };
  const signed = signObject("header", header, keys.writerSeed);
  return { header: asVerifiedHeader(header, signed), encryptedWallet };
}

/** The content of a revision whose header was verified. Throws `cannot-open` unless these are that header's very bytes under that generation's key. */
export function openRevision(
  header: VerifiedHeader,
  encryptedWallet: Uint8Array,
  walletKey: Secret<"wallet-key">,
  maxBytes: number = limits.inflatedBytes,
): RevisionContent {
  return openOrRefuse(() => {
    if (hashBytes(encryptedWallet) !== header.encryptedWalletHash) throw cannotOpen();
    const plaintext = openBox(box(walletKey, sealedContext(header)), encryptedWallet);
    return unpackContent(plaintext, maxBytes);
  });
}

/** P4C-53: the header as it is known before the ciphertext exists. */
function sealedContext(header: Header): CanonicalObject {
  const { v, identity, walletId, sequence, parent, generation, epoch, deviceId, savedAt } = header;
  const fields = { v, identity, walletId, sequence, generation, epoch, deviceId, savedAt };
  return parent === undefined ? fields : { ...fields, parent };
}

function box(walletKey: Secret<"wallet-key">, context: CanonicalObject) {
  return { type: "revision", key: walletKey.expose(), context } as const;
}

/**
 * Fingerprints (P4C-60, P4C-61): what people compare on two screens or over the telephone. Of one hash, 80 bits as a code to
 * read out and 96 other bits as a picture to look at.
 */
import { base32crockford } from "@scure/base";
import { sha256 } from "@noble/hashes/sha2.js";
import { type CanonicalObject, canonicalBytes } from "../canonical/canonical-json.ts";
import type { Hash, WalletId } from "../identifiers.ts";
import { inDomain } from "../signature/domain.ts";
import { type Picture, pictureOf } from "./picture.ts";

export interface Fingerprint {
  /** Four groups of four characters without I, L, O and U: `7KQ2-…`. */
  readonly code: string;
  readonly picture: Picture;
}

/** A wallet's newest revision, as a device sees it. */
export interface WalletHead {
  readonly walletId: WalletId;
  readonly sequence: number;
  readonly hash: Hash;
}

/** Tells whether two devices mean the same account. */
export function identityFingerprint(identity: Hash): Fingerprint {
  return fingerprint("identity", { identity });
}

/** Tells whether two devices see the same newest revision of a wallet, and so the same history. */
export function headFingerprint({ walletId, sequence, hash }: WalletHead): Fingerprint {
  return fingerprint("head", { walletId, sequence, hash });
}

/** Tells whether two devices see the same account in every respect: credentials and all wallets. */
export function viewFingerprint(
  identity: Hash,
  state: { readonly epoch: number; readonly hash: Hash },
  heads: readonly WalletHead[],
): Fingerprint {
  const sorted = heads
    .map(({ walletId, sequence, hash }) => ({ walletId, sequence, hash }))
    .sort((a, b) => (a.walletId < b.walletId ? -1 : 1));
  return fingerprint("view", { identity, epoch: state.epoch, state: state.hash, heads: sorted });
}

function fingerprint(kind: "identity" | "head" | "view", value: CanonicalObject): Fingerprint {
  const digest = sha256(inDomain(`fingerprint/${kind}`, canonicalBytes(value)));
  const code = base32crockford.encode(digest.subarray(0, 10));
  return {
    code: code.replace(/(.{4})(?=.)/g, "$1-"),
    picture: pictureOf(digest.subarray(10, 22)),
  };
}

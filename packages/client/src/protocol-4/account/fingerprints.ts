/** Fingerprints (P4C-60): what people compare on two devices, from what this one has verified itself. */
import {
  type Fingerprint,
  headFingerprint,
  identityFingerprint,
  viewFingerprint,
  type WalletHead,
  type WalletId,
} from "@holdfast/crypto";
import type { HeldAccount } from "../record/held-account.ts";

export type AccountFingerprints = {
  /** that it is the same account */
  readonly identity: Fingerprint;
  /** that credentials and all wallets are the same */
  readonly view: Fingerprint;
  /** that a wallet's newest revision, and so its history, is the same */
  readonly wallets: readonly { readonly walletId: WalletId; readonly fingerprint: Fingerprint }[];
};

export function fingerprintsOf({ record, newest }: HeldAccount): AccountFingerprints {
  const heads = Object.entries(record.wallets).map(
    ([walletId, { sequence, hash }]): WalletHead => ({
      walletId: walletId as WalletId,
      sequence,
      hash,
    }),
  );
  return {
    identity: identityFingerprint(record.identity),
    view: viewFingerprint(record.identity, newest, heads),
    wallets: heads.map((head) => ({
      walletId: head.walletId,
      fingerprint: headFingerprint(head),
    })),
  };
}

/**
 * Two wallets made one by the rules devices merge by (P3C-31, P3C-32): three-way, field by field. What cannot be decided without a person
 * becomes a conflict, and keys that are no longer used are kept; both travel inside the wallet.
 */
import {
  emptyWallet,
  lbryFormat,
  putNotes,
  sameContent,
  WalletError,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import type { MergeRefused } from "../outcomes.ts";
import { contentOfWallet, sameName } from "../protocol-3/revision-text.ts";

/** `base` null: nobody knows what both came from, so nothing counts as removed. */
export function mergeThreeWay({
  base,
  local,
  remote,
}: {
  readonly base: WalletDocument | null;
  readonly local: WalletDocument;
  readonly remote: WalletDocument;
}): { readonly type: "merged"; readonly wallet: WalletDocument } | MergeRefused {
  try {
    // A wallet's own name is never synced (LBRY-18), so nobody is asked about it; a wallet without content has none to keep.
    const named = contentOfWallet(sameContent(local, emptyWallet()) ? remote : local);
    const [before, ours, theirs] = [base ?? emptyWallet(), local, remote].map((wallet) =>
      sameName(named, contentOfWallet(wallet)),
    ) as [typeof named, typeof named, typeof named];
    return { type: "merged", wallet: putNotes(lbryFormat.merge(before, ours, theirs)) };
  } catch (error) {
    if (error instanceof WalletError) return { type: "merge-refused", detail: error.message };
    throw error;
  }
}

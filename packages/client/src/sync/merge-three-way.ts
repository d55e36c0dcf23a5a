/**
 * The rule by which devices merge (P3C-31, P3C-32): three-way, field by field, against the wallet last synced. What cannot be
 * decided without a person becomes a conflict, and keys that are no longer used are kept; both travel inside the wallet.
 */
import {
  emptyWallet,
  lbryFormat,
  putNotes,
  sameContent,
  WalletError,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import type { MergeRule } from "./merge-rule.ts";

export const mergeThreeWay: MergeRule = ({ base, local, remote }) => {
  try {
    // A wallet's own name is never synced (LBRY-18), so nobody is asked about it; a wallet without content has none to keep.
    const name = nameOf(sameContent(local, emptyWallet()) ? remote : local);
    const [before, ours, theirs] = [base ?? emptyWallet(), local, remote].map((wallet) =>
      lbryFormat.contentOf(new Map(wallet).set("name", name)),
    ) as [Content, Content, Content];
    return { type: "merged", wallet: putNotes(lbryFormat.merge(before, ours, theirs)) };
  } catch (error) {
    if (error instanceof WalletError) return { type: "merge-refused", detail: error.message };
    throw error;
  }
};

type Content = ReturnType<typeof lbryFormat.contentOf>;

function nameOf(wallet: WalletDocument) {
  return lbryFormat.contentOf(wallet).document.get("name") ?? null;
}

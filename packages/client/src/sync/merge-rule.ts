import { mergeWallets, WalletError, type WalletDocument } from "@holdfast/wallet/lbry";
import type { MergeRefused } from "../outcomes.ts";

/** How local and remote changes become one wallet. `base` null: the device never synced, nothing counts as deleted. */
export type MergeRule = (input: {
  readonly base: WalletDocument | null;
  readonly local: WalletDocument;
  readonly remote: WalletDocument;
  /** seconds, fractions included */
  readonly now: number;
}) => { readonly type: "merged"; readonly wallet: WalletDocument } | MergeRefused;

/** LBRY's own rules: newest timestamp per preference, accounts united, nothing deleted. They need no base. */
export const mergeAsSdk: MergeRule = ({ local, remote, now }) => {
  try {
    return { type: "merged", wallet: mergeWallets(local, remote, { now }) };
  } catch (error) {
    if (error instanceof WalletError) return { type: "merge-refused", detail: error.message };
    throw error;
  }
};

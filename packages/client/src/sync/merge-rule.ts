import type { WalletDocument } from "@holdfast/wallet/lbry";
import type { MergeRefused } from "../outcomes.ts";

/**
 * How local and remote changes become one wallet. `base` null: the device never synced, nothing counts as deleted. What one side
 * left alone follows the other; no key of any of the three may be missing in the result.
 */
export type MergeRule = (input: {
  readonly base: WalletDocument | null;
  readonly local: WalletDocument;
  readonly remote: WalletDocument;
  /** seconds, fractions included */
  readonly now: number;
}) => { readonly type: "merged"; readonly wallet: WalletDocument } | MergeRefused;

import {
  getPreference,
  lbryFormat,
  notesPreference,
  type WalletDocument,
} from "@holdfast/wallet/lbry";

/** How many conflicts in the wallet wait for a decision; throws `unsupported-version` for those of a newer Holdfast. */
export function countConflicts(wallet: WalletDocument): number {
  if (getPreference(wallet, notesPreference) === undefined) return 0;
  return lbryFormat.conflictCount(lbryFormat.contentOf(wallet));
}

import type { Content, WalletFormat } from "@holdfast/wallet/merge";
import type { ContentFormat } from "../engine/index.ts";

/**
 * A wallet format as the sync engine sees it. Merging needs no clock: a result equal to neither side is stamped one
 * second later than both (MERGE-17), and a person's edit is stamped by `WalletFormat.edit` before the engine hears of it.
 */
export function contentFormatOf<Document>(
  format: WalletFormat<Document>,
): ContentFormat<Content<Document>> {
  return {
    empty: format.empty,
    equal: (one, other) => format.equal(one, other),
    merge: (base, ours, theirs) => format.merge(base, ours, theirs),
    reconcile: (one, other) => format.reconcile(one, other),
    grow: (before, after) => format.grow(before, after),
    conflictCount: (content) => format.conflictCount(content),
  };
}

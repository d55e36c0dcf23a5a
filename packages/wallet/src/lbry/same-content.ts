/**
 * Whether two wallets hold the same (LBRY-18), which their sync hashes cannot tell: the hash changes with the order of entries.
 */
import { compareCodePoints } from "../json/code-point-order.ts";
import { formatJson } from "../json/format-json.ts";
import { formatWallet, loadWallet, type WalletDocument } from "./wallet-document.ts";

/**
 * Whether preferences and accounts are equal, whatever the order of entries, keys and accounts. The wallet's own name and fields LBRY does not know are
 * left out, because they are never synced; 1 and 1.0 differ. Throws as `parseWallet`.
 */
export function sameContent(left: WalletDocument, right: WalletDocument): boolean {
  return left === right || canonicalText(left) === canonicalText(right);
}

function canonicalText(document: WalletDocument): string {
  const wallet = loadWallet(document);
  const accounts = wallet.accounts.toSorted((a, b) => compareCodePoints(a.id, b.id));
  return formatJson(formatWallet({ ...wallet, name: null, accounts }), { sortKeys: true });
}

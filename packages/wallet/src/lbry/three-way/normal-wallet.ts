/** A wallet as the SDK would write it, and with the fields LBRY does not know (MERGE-67). */
import { formatJson } from "../../json/format-json.ts";
import type { JsonValue } from "../../json/value.ts";
import { type Account, formatAccount } from "../account.ts";
import { formatWallet, loadWallet, type WalletDocument } from "../wallet-document.ts";

/** The wallet with all that the SDK would fill in; throws as `parseWallet`. */
export function normalizeWallet(document: WalletDocument): WalletDocument {
  const loaded = loadWallet(document);
  const accounts = loaded.accounts.map(normalizeAccount);
  return new Map([
    ...document,
    ...formatWallet({ ...loaded, accounts: [] }),
    ["accounts", accounts],
  ]);
}

/** The same object if it needs nothing, because derived keys are remembered by object. */
function normalizeAccount(account: Account): JsonValue {
  const { source } = account;
  const full = new Map([...source, ...formatAccount(account)]);
  return formatJson(full) === formatJson(source) ? source : full;
}

/**
 * LBRY wallets as a wallet format: three-way merge, conflicts, retired keys, differences (MERGE-60 to MERGE-69). What it gives back stays
 * loadable by the SDK, and the SDK's own merge of it changes nothing.
 */
import { formatJson } from "../../json/format-json.ts";
import { parseJson } from "../../json/parse-json.ts";
import { createFormat } from "../../merge/create-format.ts";
import type { WalletFormat } from "../../merge/wallet-format.ts";
import { emptyWallet } from "../create-wallet.ts";
import { objectOf } from "../fields.ts";
import { parseWallet, type WalletDocument } from "../wallet-document.ts";
import { createAccountMatcher } from "./account-matching.ts";
import { holdingOf, partsOfRetired } from "./key-holdings.ts";
import { normalizeWallet } from "./normal-wallet.ts";
import { prepareWallets } from "./prepare-wallets.ts";
import { stampEdit } from "./stamp-edit.ts";
import { putNotes, takeNotes } from "./wallet-notes.ts";
import { accountsOf, walletSchema } from "./wallet-schema.ts";
import { describeRetired, walletWording } from "./wallet-wording.ts";

export { lockNotes, unlockNotes } from "./locked-notes.ts";
export { notesPreference, putNotes } from "./wallet-notes.ts";

/** Whether what a conflict's or a change's path names may be a secret. */
export function isSecretPath(path: readonly string[]): boolean {
  return walletWording.isSecret(path);
}

/** LBRY wallets; the synced text is a wallet's JSON as the SDK packs it, with conflicts and retired keys in a preference of their own. */
export const lbryFormat: WalletFormat<WalletDocument> = createFormat({
  name: "lbry",
  emptyDocument: emptyWallet(),
  parse: (text) => takeNotes(normalizeWallet(parseWallet(text))),
  // Looking at the keys takes 10 ms for each account with a seed.
  reparse: (text) => takeNotes(objectOf(parseJson(text), "its content")),
  serialize: (content) => formatJson(putNotes(content)),
  contentOf: (document) => takeNotes(normalizeWallet(document)),
  schemaFor: (documents) => walletSchema(createAccountMatcher(documents.map(accountsOf))),
  prepare: prepareWallets,
  holdingsOf: (document) => accountsOf(document).map(holdingOf),
  partsOf: partsOfRetired,
  stamp: (before, after, nowSeconds) =>
    stampEdit(before, takeNotes(normalizeWallet(after)).document, nowSeconds),
  wording: walletWording,
  describeRetired,
});

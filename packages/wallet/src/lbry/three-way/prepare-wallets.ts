/**
 * What happens to wallets before they are merged field by field, because keys weigh more than edits (MERGE-65, MERGE-66).
 */
import type { JsonObject, JsonValue } from "../../json/value.ts";
import type { Side } from "../../merge/conflict-referee.ts";
import type { Documents, Preparation } from "../../merge/format-rules.ts";
import { indexItems, itemName } from "../../merge/item-index.ts";
import { pickFields } from "../../merge/object-fields.ts";
import { retiredId } from "../../merge/retired-set.ts";
import type { Content } from "../../merge/wallet-format.ts";
import { isObject, isTruthy } from "../fields.ts";
import type { WalletDocument } from "../wallet-document.ts";
import { keyFields } from "./account-matching.ts";
import { holdingOf, partsOfRetired } from "./key-holdings.ts";
import { accountsOf, rankOfKeys, type WalletSchema } from "./wallet-schema.ts";

type Index = ReadonlyMap<string, JsonValue>;

type WalletMerge = Preparation<WalletDocument, WalletSchema>;

export function prepareWallets(merge: WalletMerge): Documents<WalletDocument> {
  const { base, ours, theirs, schema } = merge;
  const index = ({ document }: Content<WalletDocument>): Index =>
    indexItems(schema.accounts, accountsOf(document));
  const indexes = { base: index(base), ours: index(ours), theirs: index(theirs) };
  return {
    base: base.document,
    ours: prepareSide(merge, indexes, "ours"),
    theirs: prepareSide(merge, indexes, "theirs"),
  };
}

function prepareSide(merge: WalletMerge, indexes: Documents<Index>, side: Side): WalletDocument {
  const other = side === "ours" ? "theirs" : "ours";
  const { document } = merge[side];
  const mine = indexes[side];
  const prepared = Array.from(mine, ([label, account]) =>
    withClearKeys(account, [indexes.base.get(label), indexes[other].get(label)]),
  );
  const announced = announcedRemovals(merge.base, merge[side]);
  for (const [label, account] of indexes.base) {
    const remaining = indexes[other].get(label);
    if (mine.has(label) || remaining === undefined || announced(account)) continue;
    const shown = merge.referee.decide({
      place: {
        parent: { parent: undefined, name: "accounts" },
        name: () => itemName(merge.schema.accounts, label, account),
      },
      slots: {
        base: account,
        ours: side === "ours" ? undefined : remaining,
        theirs: side === "ours" ? remaining : undefined,
      },
      reason: "removed-unannounced",
    });
    if (shown !== undefined) prepared.push(account);
  }
  const before = accountsOf(document);
  const isSame =
    prepared.length === before.length && prepared.every((account, at) => account === before[at]);
  return isSame ? document : new Map(document).set("accounts", prepared);
}

/** An account that was encrypted on disk somewhere keeps the clear keys known elsewhere. */
function withClearKeys(account: JsonValue, others: readonly (JsonValue | undefined)[]): JsonValue {
  if (!isObject(account) || !isTruthy(account.get("encrypted"))) return account;
  const clear = others.find(
    (other): other is JsonObject =>
      isObject(other) && !isTruthy(other.get("encrypted")) && rankOfKeys(other) > 0,
  );
  if (clear === undefined) return account;
  return new Map([...account, ...pickFields(clear, keyFields)]);
}

/** Whether a side that lacks an account has it among its retired or destroyed keys, so that a person removed it. */
function announcedRemovals(
  base: Content<WalletDocument>,
  side: Content<WalletDocument>,
): (account: JsonValue) => boolean {
  const retired = new Set(side.retired.keys.flatMap((key) => partsOfRetired(key)));
  const destroyed = new Set(side.retired.destroyed);
  const oldDestroyed = new Set(base.retired.destroyed);
  return (account) => {
    const { kind, parts } = holdingOf(account).whole;
    return (
      parts.every((part) => retired.has(part)) ||
      destroyed.has(retiredId(kind, parts, oldDestroyed))
    );
  };
}

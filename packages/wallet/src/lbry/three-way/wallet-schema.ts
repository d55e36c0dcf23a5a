/** How the parts of an LBRY wallet merge (MERGE-61 to MERGE-64). */
import type { JsonObject, JsonValue } from "../../json/value.ts";
import {
  type ItemsSchema,
  type MergeSchema,
  objectOf,
  type ObjectSchema,
  type StampedSchema,
  wholeValue,
} from "../../merge/merge-schema.ts";
import { isObject, isTruthy } from "../fields.ts";
import { accountName, type AccountMatcher, keyFields } from "./account-matching.ts";

/** Names an account's key fields in paths. */
export const keysUnit = "*keys";

const setOfTexts: ItemsSchema = { kind: "set", item: wholeValue };

const setByUri: ItemsSchema = {
  kind: "set",
  item: objectOf({}),
  keyOf: (item) => {
    const uri = isObject(item) ? item.get("uri") : undefined;
    return typeof uri === "string" ? uri : undefined;
  },
};

const collections = objectOf(
  {},
  objectOf({ items: { kind: "list", item: wholeValue }, updatedAt: { kind: "maximum" } }),
);

const sharedValue = objectOf({
  subscriptions: setOfTexts,
  following: setByUri,
  tags: setOfTexts,
  blocked: setOfTexts,
  savedCollections: setOfTexts,
  settings: objectOf({}),
  coin_swap_codes: objectOf({}),
  unpublishedCollections: collections,
  editedCollections: collections,
  builtinCollections: collections,
});

const shared = preference(objectOf({ value: sharedValue }));

const preferences = objectOf({ shared, local: shared }, preference(wholeValue));

function preference(value: MergeSchema): StampedSchema {
  return { kind: "stamped", stamp: "ts", content: objectOf({ value }) };
}

const account: StampedSchema = {
  kind: "stamped",
  stamp: "modified_on",
  content: {
    ...objectOf({
      address_generator: {
        ...objectOf({ receiving: objectOf({}), change: objectOf({}) }),
        kindField: "name",
      },
      certificates: objectOf({}),
    }),
    units: [{ name: keysUnit, fields: keyFields, rank: rankOfKeys }],
  },
};

/** How much an account's keys can do. */
export function rankOfKeys(keys: JsonObject): number {
  const can = (name: string) => isTruthy(keys.get(name));
  if (!can("seed") && !can("private_key")) return 0;
  if (can("encrypted")) return 1;
  return can("seed") ? 3 : 2;
}

export interface WalletSchema extends ObjectSchema {
  readonly accounts: ItemsSchema;
}

export function walletSchema(matcher: AccountMatcher): WalletSchema {
  const accounts = accountsSchema(matcher);
  return { ...objectOf({ preferences, accounts }), accounts };
}

/** The accounts of a wallet, told apart by `matcher`. */
export function accountsSchema(matcher: AccountMatcher): ItemsSchema {
  return { kind: "set", item: account, keyOf: matcher, nameOf: accountName };
}

/** A wallet's list of accounts; empty for anything else. */
export function accountsOf(wallet: JsonObject): readonly JsonValue[] {
  const accounts = wallet.get("accounts");
  return Array.isArray(accounts) ? (accounts as readonly JsonValue[]) : [];
}

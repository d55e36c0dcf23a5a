/** Time stamps of a person's edit (MERGE-26): later than what it replaces, even if the clock is not. */
import type { JsonObject, JsonValue } from "../../json/value.ts";
import { indexItems } from "../../merge/item-index.ts";
import { withoutFields } from "../../merge/object-fields.ts";
import { compareStamps, laterStamp } from "../../merge/stamp.ts";
import { ValueComparison } from "../../merge/value-comparison.ts";
import { isObject } from "../fields.ts";
import type { WalletDocument } from "../wallet-document.ts";
import { createAccountMatcher } from "./account-matching.ts";
import { accountsOf, accountsSchema } from "./wallet-schema.ts";

/** The edited wallet with a new `ts` or `modified_on` on whatever changed and has none of its own yet. */
export function stampEdit(
  before: WalletDocument,
  after: WalletDocument,
  nowSeconds: number,
): WalletDocument {
  const stamper = new Stamper(nowSeconds);
  const accounts = [accountsOf(before), accountsOf(after)];
  const schema = accountsSchema(createAccountMatcher(accounts));
  const known = indexItems(schema, accountsOf(before));
  const stamped = Array.from(indexItems(schema, accountsOf(after)), ([label, account]) =>
    stamper.stamp(account, known.get(label), "modified_on", ["certificates"]),
  );
  return new Map([
    ...after,
    ["preferences", stampPreferences(before.get("preferences"), after.get("preferences"), stamper)],
    ["accounts", stamped],
  ]);
}

function stampPreferences(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  stamper: Stamper,
): JsonObject {
  const known = isObject(before) ? before : new Map<string, JsonValue>();
  return new Map(
    Array.from(isObject(after) ? after : [], ([key, entry]) => [
      key,
      stamper.stamp(entry, known.get(key), "ts", []),
    ]),
  );
}

class Stamper {
  readonly #now: bigint;
  readonly #comparison = new ValueComparison();

  constructor(nowSeconds: number) {
    this.#now = BigInt(Math.floor(nowSeconds));
  }

  /** `value` with a stamp later than that of `replaced`, if anything but `unstamped` fields differs. */
  stamp(
    value: JsonValue,
    replaced: JsonValue | undefined,
    field: string,
    unstamped: readonly string[],
  ): JsonValue {
    if (!isObject(value)) return value;
    if (!isObject(replaced)) {
      return value.has(field) ? value : new Map([...value, [field, this.#now]]);
    }
    const old = replaced.get(field);
    if (compareStamps(value.get(field), old) > 0) return value;
    const [is, was] = [value, replaced].map((fields) =>
      withoutFields(fields, [field, ...unstamped]),
    );
    if (this.#comparison.same(is, was)) {
      return old === undefined ? value : new Map(value).set(field, old);
    }
    const next = laterStamp(old, undefined) ?? this.#now;
    return new Map(value).set(field, next > this.#now ? next : this.#now);
  }
}

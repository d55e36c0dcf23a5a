/**
 * Tells the items of an array apart (MERGE-14): by key, else by their text. The n-th item with the same key is an item
 * of its own, so that nothing is lost where an array repeats itself.
 */
import type { JsonArray, JsonValue } from "../json/value.ts";
import { canonicalText } from "./canonical-text.ts";
import type { ItemsSchema } from "./merge-schema.ts";
import type { Slot } from "./value-identity.ts";
import { isArray } from "./value-identity.ts";

export interface IndexedItem {
  readonly item: JsonValue;
  /** 1 for the first item with its key. */
  readonly occurrence: number;
}

/** The items of an array by label, in its order; nothing for anything but an array. */
export function indexItems(schema: ItemsSchema, slot: Slot): Map<string, IndexedItem> {
  const index = new Map<string, IndexedItem>();
  if (!isArray(slot)) return index;
  const counts = new Map<string, number>();
  for (const item of slot) {
    const label = labelOf(schema, item);
    const occurrence = (counts.get(label) ?? 0) + 1;
    counts.set(label, occurrence);
    index.set(numbered(label, occurrence), { item, occurrence });
  }
  return index;
}

/** How paths name an item. */
export function itemName(schema: ItemsSchema, label: string, indexed: IndexedItem): string {
  return schema.nameOf === undefined
    ? label
    : numbered(schema.nameOf(indexed.item), indexed.occurrence);
}

/** The items by the names that paths have for them. */
export function itemsByName(schema: ItemsSchema, items: JsonArray): Map<string, JsonValue> {
  const { nameOf, ...rest } = schema;
  const naming: ItemsSchema = nameOf === undefined ? schema : { ...rest, keyOf: nameOf };
  return new Map(Array.from(indexItems(naming, items), ([name, { item }]) => [name, item]));
}

// A text item is its own label, so a label that is none of an item's own texts has to look different.
const madeUp = "json:";

function labelOf(schema: ItemsSchema, item: JsonValue): string {
  const key = schema.keyOf?.(item) ?? item;
  return typeof key === "string" && !key.startsWith(madeUp) ? key : madeUp + canonicalText(key);
}

function numbered(label: string, occurrence: number): string {
  return occurrence === 1 ? label : madeUp + canonicalText([label, BigInt(occurrence)]);
}

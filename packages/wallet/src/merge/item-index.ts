/**
 * Tells the items of an array apart (MERGE-14): by key, else by their text. The n-th item with the same key is an item
 * of its own, so that nothing is lost where an array repeats itself.
 */
import type { JsonArray, JsonValue } from "../json/value.ts";
import { canonicalText } from "./canonical-text.ts";
import type { ItemsSchema } from "./merge-schema.ts";
import { isArray, type Slot } from "./value-comparison.ts";

/** The items of an array by label, in its order; nothing for anything but an array. */
export function indexItems(schema: ItemsSchema, slot: Slot): ReadonlyMap<string, JsonValue> {
  const index = new Map<string, JsonValue>();
  const repeated = new Map<string, bigint>();
  for (const item of isArray(slot) ? slot : []) {
    const label = labelOf(schema, item);
    if (index.has(label)) {
      const occurrence = (repeated.get(label) ?? 1n) + 1n;
      repeated.set(label, occurrence);
      index.set(numbered(label, occurrence), item);
    } else {
      index.set(label, item);
    }
  }
  return index;
}

/** How paths name the item with a label. */
export function itemName(schema: ItemsSchema, label: string, item: JsonValue): string {
  if (schema.nameOf === undefined) return label;
  const name = schema.nameOf(item);
  const occurrence = label === labelOf(schema, item) ? undefined : numberOf.exec(label)?.[1];
  return occurrence === undefined ? name : numbered(name, BigInt(occurrence));
}

/** The items by the names that paths have for them. */
export function itemsByName(schema: ItemsSchema, items: JsonArray): Map<string, JsonValue> {
  return new Map(
    Array.from(indexItems(schema, items), ([label, item]) => [itemName(schema, label, item), item]),
  );
}

// A text item is its own label, so a label that is none of an item's own texts has to look different.
const madeUp = "json:";

function labelOf(schema: ItemsSchema, item: JsonValue): string {
  const key = schema.keyOf?.(item) ?? item;
  return typeof key === "string" && !key.startsWith(madeUp) ? key : madeUp + canonicalText(key);
}

/** Finds the number at the end of what `numbered` makes. */
const numberOf = /, ([0-9]+)\]$/u;

function numbered(label: string, occurrence: bigint): string {
  return madeUp + canonicalText([label, occurrence]);
}

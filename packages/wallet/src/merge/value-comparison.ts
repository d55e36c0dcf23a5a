/**
 * Equality in meaning: the order of an object's keys does not count, everything else does, 1 and 1.0 included.
 *
 * A merge compares at every level of its documents. What was compared is remembered for all but the innermost objects and
 * arrays, so that every part is looked at twice at most for each pair of documents.
 */
import type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";

/** A value's place in a document; undefined where there is none. */
export type Slot = JsonValue | undefined;

export class ValueComparison {
  readonly #known = new WeakMap<object, WeakMap<object, boolean>>();

  /** Whether both are absent or mean the same. */
  same(one: Slot, other: Slot): boolean {
    if (Object.is(one, other)) return true;
    if (isArray(one)) return isArray(other) && this.#sameComposites(one, other, sameItems);
    return isObject(one) && isObject(other) && this.#sameComposites(one, other, sameFields);
  }

  #sameComposites<Value extends JsonArray | JsonObject>(
    one: Value,
    other: Value,
    compare: (one: Value, other: Value, same: Compare) => boolean,
  ): boolean {
    const known = this.#known.get(one)?.get(other);
    if (known !== undefined) return known;
    let isInnermost = true;
    const result = compare(one, other, (left, right) => {
      if (typeof left !== "object" || left === null) return Object.is(left, right);
      isInnermost = false;
      return this.same(left, right);
    });
    if (!isInnermost) this.#remember(one, other, result);
    return result;
  }

  #remember(one: object, other: object, result: boolean): void {
    const results = this.#known.get(one) ?? new WeakMap<object, boolean>();
    this.#known.set(one, results.set(other, result));
  }
}

type Compare = (one: Slot, other: Slot) => boolean;

function sameItems(one: JsonArray, other: JsonArray, same: Compare): boolean {
  return one.length === other.length && one.every((item, at) => same(item, other[at]));
}

function sameFields(one: JsonObject, other: JsonObject, same: Compare): boolean {
  if (one.size !== other.size) return false;
  for (const [key, value] of one) if (!same(value, other.get(key))) return false;
  return true;
}

export function isArray(value: Slot): value is JsonArray {
  return Array.isArray(value);
}

export function isObject(value: Slot): value is JsonObject {
  return value instanceof Map;
}

/**
 * Equality in meaning: the order of an object's keys does not count, everything else does, 1 and 1.0 included.
 *
 * Equal values get equal numbers, each part of a value is looked at once, so that a merge may compare at every level
 * and still take linear time.
 */
import type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";

/** A value's place in a document; undefined where there is none. */
export type Slot = JsonValue | undefined;

export class ValueIdentities {
  readonly #primitives = new Map<JsonValue | symbol, number>();
  readonly #composites = new Map<string, number>();
  readonly #known = new WeakMap<object, number>();
  #next = 0;

  /** Whether both are absent or mean the same. */
  same(one: Slot, other: Slot): boolean {
    if (one === other) return true;
    if (one === undefined || other === undefined) return false;
    return this.#identify(one) === this.#identify(other);
  }

  #identify(value: JsonValue): number {
    if (typeof value !== "object" || value === null) {
      return this.#number(this.#primitives, Object.is(value, -0) ? minusZero : value);
    }
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const id = this.#number(this.#composites, this.#compose(value));
    this.#known.set(value, id);
    return id;
  }

  #compose(value: JsonArray | JsonObject): string {
    if (isArray(value)) return `[${value.map((item) => this.#identify(item)).join()}`;
    return Array.from(value, ([key, item]) => `${this.#identify(key)}:${this.#identify(item)}`)
      .sort()
      .join();
  }

  #number<Key>(numbers: Map<Key, number>, key: Key): number {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    this.#next += 1;
    numbers.set(key, this.#next);
    return this.#next;
  }
}

const minusZero = Symbol("-0.0");

export function isArray(value: Slot): value is JsonArray {
  return Array.isArray(value);
}

export function isObject(value: Slot): value is JsonObject {
  return value instanceof Map;
}

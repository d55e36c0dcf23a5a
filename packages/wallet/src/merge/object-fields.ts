import type { JsonObject, JsonValue } from "../json/value.ts";

/** Some fields of an object, in the order given. */
export function pickFields(object: JsonObject, names: readonly string[]): JsonObject {
  const picked = new Map<string, JsonValue>();
  for (const name of names) {
    const value = object.get(name);
    if (value !== undefined) picked.set(name, value);
  }
  return picked;
}

/** An object without some fields. */
export function withoutFields(object: JsonObject, names: readonly string[]): JsonObject {
  return new Map(Array.from(object).filter(([name]) => !names.includes(name)));
}

/** Random JSON documents, and edits of them, small enough that devices often meet in the same place. */
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../src/json/value.ts";
import type { JsonMergeSchema } from "../src/json-document/index.ts";

const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    false,
    0n,
    1n,
    1,
    -0,
    NaN,
    Infinity,
    "",
    "a",
    "b",
    "json:x",
  ),
  fc.bigInt({ min: -5n, max: 5n }),
  fc.string({ maxLength: 3 }),
);

const key = fc.constantFrom("a", "b", "id", "tags", "list", "rows", "count", "__proto__", "1");

/** Any JSON value; objects and arrays are likely to have the fields that the schema below declares. */
export const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 6 }).map((entries) => new Map(entries)),
  ),
})).value;

const texts = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 5 });
const row: fc.Arbitrary<JsonValue> = fc.tuple(fc.constantFrom("r1", "r2", "r3"), jsonValue).map(
  ([id, a]) =>
    new Map<string, JsonValue>([
      ["id", id],
      ["a", a],
    ]),
);

/** A document in the shape of `documentSchema`, with other fields as well. */
export const jsonDocument: fc.Arbitrary<JsonObject> = fc
  .record({
    tags: texts,
    list: texts,
    rows: fc.array(row, { maxLength: 4 }),
    count: fc.bigInt({ min: 0n, max: 9n }),
    other: jsonValue,
    fields: fc.array(fc.tuple(key, jsonValue), { maxLength: 3 }),
  })
  .map(
    ({ fields, ...declared }) =>
      new Map<string, JsonValue>([...Object.entries(declared), ...fields]),
  );

export const documentSchema: JsonMergeSchema = {
  type: "object",
  fields: {
    tags: { type: "set" },
    list: { type: "list" },
    rows: { type: "set", key: "id" },
    count: { type: "maximum" },
  },
};

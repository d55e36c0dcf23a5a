/** What an app may say about its documents so that arrays merge as more than whole values (MERGE-50). */
import type { JsonValue } from "../json/value.ts";
import { isObject } from "../merge/value-comparison.ts";
import { type ItemsSchema, type MergeSchema, wholeValue } from "../merge/merge-schema.ts";

export type JsonMergeSchema =
  /** Merges as a whole. */
  | { readonly type: "value" }
  /** A number of which the larger one wins. */
  | { readonly type: "maximum" }
  /** Fields merge one by one; undeclared fields by `others`, or like undeclared documents. */
  | {
      readonly type: "object";
      readonly fields?: Readonly<Record<string, JsonMergeSchema>>;
      readonly others?: JsonMergeSchema;
    }
  /** An array as a set, or as a list whose order matters; objects in it are known by the text in their field `key`. */
  | {
      readonly type: "set" | "list";
      readonly key?: string;
      readonly item?: JsonMergeSchema;
    };

/** Undeclared documents: objects field by field, all else as whole values. */
export const undeclared: MergeSchema = {
  kind: "object",
  fields: new Map(),
  get others() {
    return undeclared;
  },
};

export function compileSchema(schema: JsonMergeSchema): MergeSchema {
  switch (schema.type) {
    case "value":
      return wholeValue;
    case "maximum":
      return { kind: "maximum" };
    case "object": {
      const fields = new Map<string, MergeSchema>();
      for (const [name, field] of Object.entries(schema.fields ?? {})) {
        fields.set(name, compileSchema(field));
      }
      const others = schema.others === undefined ? undeclared : compileSchema(schema.others);
      return { kind: "object", fields, others };
    }
    case "set":
    case "list":
      return compileItems(schema.type, schema.key, schema.item);
  }
}

function compileItems(
  kind: "set" | "list",
  key: string | undefined,
  item: JsonMergeSchema | undefined,
): ItemsSchema {
  const items = { kind, item: item === undefined ? undeclared : compileSchema(item) };
  return key === undefined ? items : { ...items, keyOf: (value) => textIn(value, key) };
}

function textIn(value: JsonValue, name: string): string | undefined {
  const found = isObject(value) ? value.get(name) : undefined;
  return typeof found === "string" ? found : undefined;
}

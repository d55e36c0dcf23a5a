/** Finds and replaces what a path names (MERGE-6), following the schema through sets, lists and units. */
import type { JsonObject, JsonValue } from "../json/value.ts";
import { itemsByName } from "./item-index.ts";
import type { FieldUnit, ItemsSchema, MergeSchema, ObjectSchema } from "./merge-schema.ts";
import { pickFields, withoutFields } from "./object-fields.ts";
import { isArray, isObject, type Slot } from "./value-comparison.ts";

type Path = readonly string[];

/** The outcome of replacing: undefined slots are removed things, so the document is wrapped. */
export type Replacement =
  { readonly type: "replaced"; readonly slot: Slot } | { readonly type: "gone" };

/** What a path names now, and how it merges; undefined if nothing can be there. */
export function locate(
  schema: MergeSchema,
  slot: Slot,
  path: Path,
): { readonly schema: MergeSchema; readonly slot: Slot } | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return { schema, slot };
  const child = childOf(schema, slot, name);
  return child === undefined ? undefined : locate(child.schema, child.slot, rest);
}

/** What a path names now; undefined if nothing is there. */
export function findSlot(schema: MergeSchema, slot: Slot, path: Path): Slot {
  return locate(schema, slot, path)?.slot;
}

/** The document with another value in one place, or `gone` if what should hold the place is not there. */
export function replaceSlot(schema: MergeSchema, slot: Slot, path: Path, value: Slot): Replacement {
  const [name, ...rest] = path;
  if (name === undefined) return { type: "replaced", slot: value };
  const child = childOf(schema, slot, name);
  if (child === undefined) return { type: "gone" };
  const inner = replaceSlot(child.schema, child.slot, rest, value);
  return inner.type === "gone" ? inner : { type: "replaced", slot: child.with(inner.slot) };
}

interface Child {
  readonly schema: MergeSchema;
  readonly slot: Slot;
  /** The parent with another child in this place. */
  with(slot: Slot): JsonValue;
}

function childOf(schema: MergeSchema, slot: Slot, name: string): Child | undefined {
  if (schema.kind === "object" && isObject(slot)) return fieldOf(schema, slot, name);
  if (schema.kind === "stamped" && isObject(slot)) return fieldOf(schema.content, slot, name);
  if ((schema.kind === "set" || schema.kind === "list") && isArray(slot)) {
    return itemOf(schema, slot, name);
  }
  return undefined;
}

function fieldOf(schema: ObjectSchema, object: JsonObject, name: string): Child {
  const unit = schema.units?.find((candidate) => candidate.name === name);
  if (unit !== undefined) return unitOf(unit, object);
  return {
    schema: schema.fields.get(name) ?? schema.others,
    slot: object.get(name),
    with: (slot) => {
      if (slot === undefined) return withoutFields(object, [name]);
      return new Map([...object, [name, slot]]);
    },
  };
}

function unitOf(unit: FieldUnit, object: JsonObject): Child {
  return {
    schema: { kind: "value" },
    slot: pickFields(object, unit.fields),
    with: (slot) =>
      new Map([...withoutFields(object, unit.fields), ...(isObject(slot) ? slot : [])]),
  };
}

function itemOf(schema: ItemsSchema, items: readonly JsonValue[], name: string): Child {
  const byName = itemsByName(schema, items);
  return {
    schema: schema.item,
    slot: byName.get(name),
    with: (slot) => {
      const replaced = new Map<string, Slot>([...byName, [name, slot]]);
      return [...replaced.values()].filter((item) => item !== undefined);
    },
  };
}

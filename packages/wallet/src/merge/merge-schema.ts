/**
 * How the parts of a document merge (MERGE-10 to MERGE-19). A part that is not of the declared kind on both sides, or is
 * removed on one, merges as one value.
 */
import type { JsonObject, JsonValue } from "../json/value.ts";

export type MergeSchema = ValueSchema | MaximumSchema | ObjectSchema | StampedSchema | ItemsSchema;

/** Merges as a whole. */
export interface ValueSchema {
  readonly kind: "value";
}

/** A number of which the larger one wins. */
interface MaximumSchema {
  readonly kind: "maximum";
}

/** Merges field by field. */
export interface ObjectSchema {
  readonly kind: "object";
  readonly fields: ReadonlyMap<string, MergeSchema>;
  readonly others: MergeSchema;
  readonly units?: readonly FieldUnit[];
  /** A field that says what the others mean: objects that differ in it merge as whole values. */
  readonly kindField?: string;
}

/** Fields that only make sense together and merge as one value. */
export interface FieldUnit {
  /** Names the unit in paths. */
  readonly name: string;
  readonly fields: readonly string[];
  /** The higher rank is shown; where nothing of rank above 0 is passed over, without asking. */
  readonly rank: (unit: JsonObject) => number;
}

/** An object with a time stamp that says which side's values are newer, and that grows with every change. */
export interface StampedSchema {
  readonly kind: "stamped";
  readonly stamp: string;
  readonly content: ObjectSchema;
}

/** An array merged item by item: a `set` in any order, or a `list` whose order matters. */
export interface ItemsSchema {
  readonly kind: "set" | "list";
  readonly item: MergeSchema;
  /** What makes two items the same one; without it, or where it gives undefined, their whole value. */
  readonly keyOf?: (item: JsonValue) => string | undefined;
  /** Names an item in paths where its key is not fit for it. */
  readonly nameOf?: (item: JsonValue) => string;
}

export const wholeValue: ValueSchema = { kind: "value" };

export function objectOf(
  fields: Readonly<Record<string, MergeSchema>>,
  others: MergeSchema = wholeValue,
): ObjectSchema {
  return { kind: "object", fields: new Map(Object.entries(fields)), others };
}

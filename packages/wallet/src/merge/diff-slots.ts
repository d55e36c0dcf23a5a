/** What differs between two documents, as small as the schema can see it (MERGE-40). Time stamps alone are no difference. */
import type { JsonObject } from "../json/value.ts";
import { indexItems, itemName } from "./item-index.ts";
import type { FieldUnit, ItemsSchema, MergeSchema, ObjectSchema } from "./merge-schema.ts";
import { pickFields, withoutFields } from "./object-fields.ts";
import { type Place, pathOf } from "./place.ts";
import { isArray, isObject, type Slot, ValueComparison } from "./value-comparison.ts";
import type { Change } from "./wallet-format.ts";

/** The changes that make `after` out of `before`, in the documents' order. */
export function diffSlots(schema: MergeSchema, before: Slot, after: Slot): readonly Change[] {
  const search = new Differences();
  search.compare(schema, before, after, undefined);
  return search.found;
}

class Differences {
  readonly found: Change[] = [];
  readonly #comparison = new ValueComparison();

  compare(schema: MergeSchema, before: Slot, after: Slot, place: Place | undefined): void {
    if (this.#comparison.same(before, after)) return;
    if (schema.kind === "object" && isObject(before) && isObject(after)) {
      this.#compareObjects(schema, before, after, place);
    } else if (schema.kind === "stamped" && isObject(before) && isObject(after)) {
      const bare = [before, after].map((object) => withoutFields(object, [schema.stamp]));
      this.compare(schema.content, bare[0], bare[1], place);
    } else if (
      (schema.kind === "set" || schema.kind === "list") &&
      isArray(before) &&
      isArray(after)
    ) {
      this.#compareItems(schema, before, after, place);
    } else {
      this.#note(before, after, place);
    }
  }

  #note(before: Slot, after: Slot, place: Place | undefined): void {
    const type = before === undefined ? "added" : after === undefined ? "removed" : "changed";
    this.found.push({ path: pathOf(place), type, before, after });
  }

  #compareObjects(
    schema: ObjectSchema,
    before: JsonObject,
    after: JsonObject,
    parent: Place | undefined,
  ): void {
    const units: readonly FieldUnit[] = schema.units ?? [];
    for (const { name, fields } of units) {
      const [was, is] = [before, after].map((object) => pickFields(object, fields));
      if (!this.#comparison.same(was, is)) this.#note(was, is, { parent, name });
    }
    const inUnits = new Set(units.flatMap(({ fields }) => fields));
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      if (inUnits.has(name)) continue;
      const child = schema.fields.get(name) ?? schema.others;
      this.compare(child, before.get(name), after.get(name), { parent, name });
    }
  }

  #compareItems(schema: ItemsSchema, before: Slot, after: Slot, parent: Place | undefined): void {
    const was = indexItems(schema, before);
    const is = indexItems(schema, after);
    for (const [label, item] of new Map([...was, ...is])) {
      const name = () => itemName(schema, label, item);
      this.compare(schema.item, was.get(label), is.get(label), { parent, name });
    }
    if (schema.kind === "set") return;
    const stayed = [...was.keys()].filter((label) => is.has(label));
    const stays = [...is.keys()].filter((label) => was.has(label));
    if (stayed.some((label, at) => label !== stays[at])) {
      this.found.push({ path: pathOf(parent), type: "reordered", before, after });
    }
  }
}

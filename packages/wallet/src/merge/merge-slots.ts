/**
 * The three-way merge of values under a schema (MERGE-10 to MERGE-19): what one side left alone follows the other;
 * objects merge by field, sets and lists by item; the rest is for the referee.
 */
import { compareCodePoints } from "../json/code-point-order.ts";
import type { JsonObject, JsonValue } from "../json/value.ts";
import { arrangeItems } from "./arrange-items.ts";
import { canonicalText } from "./canonical-text.ts";
import type { ConflictReferee, Dispute, Side, Slots } from "./conflict-referee.ts";
import { indexItems, itemName } from "./item-index.ts";
import type {
  FieldUnit,
  ItemsSchema,
  MergeSchema,
  ObjectSchema,
  StampedSchema,
} from "./merge-schema.ts";
import { pickFields, withoutFields } from "./object-fields.ts";
import type { Place } from "./place.ts";
import { compareStamps, isNumber, largerNumber, laterStamp } from "./stamp.ts";
import { isArray, isObject, type Slot, type ValueComparison } from "./value-comparison.ts";

export interface MergeRun {
  readonly comparison: ValueComparison;
  readonly referee: ConflictReferee;
  /** False to reconcile two candidates: then every difference is disputed. */
  readonly isBaseKnown: boolean;
}

interface Spot {
  readonly place: Place | undefined;
  /** The side whose enclosing time stamp is later. */
  readonly newer: Side | undefined;
}

const noFields: JsonObject = new Map();

/** Merges what three documents have in one place. */
export function mergeSlots(
  run: MergeRun,
  schema: MergeSchema,
  slots: Slots,
  spot: Spot = { place: undefined, newer: undefined },
): Slot {
  const { base, ours, theirs } = slots;
  if (run.comparison.same(ours, theirs)) return ours;
  if (run.isBaseKnown) {
    if (run.comparison.same(base, ours)) return theirs;
    if (run.comparison.same(base, theirs)) return ours;
  }
  if (schema.kind === "maximum" && isNumber(ours) && isNumber(theirs)) {
    return largerNumber(ours, theirs);
  }
  if (schema.kind === "object" && isObject(ours) && isObject(theirs)) {
    const { kindField } = schema;
    if (
      kindField === undefined ||
      run.comparison.same(ours.get(kindField), theirs.get(kindField))
    ) {
      return mergeObjects(run, schema, objects(base, ours, theirs), spot);
    }
  }
  if (schema.kind === "stamped" && isObject(ours) && isObject(theirs)) {
    return mergeStamped(run, schema, objects(base, ours, theirs), spot.place);
  }
  if ((schema.kind === "set" || schema.kind === "list") && isArray(ours) && isArray(theirs)) {
    return mergeItems(run, schema, slots, spot);
  }
  return run.referee.decide(disputeOf(run, slots, spot));
}

function disputeOf(run: MergeRun, slots: Slots, spot: Spot): Dispute {
  const isRemoved = slots.ours === undefined || slots.theirs === undefined;
  const changed = isRemoved ? "removed-and-changed" : "changed-differently";
  return { ...spot, slots, reason: run.isBaseKnown ? changed : "unknown-base" };
}

interface Objects {
  readonly base: JsonObject;
  readonly ours: JsonObject;
  readonly theirs: JsonObject;
}

function objects(base: Slot, ours: JsonObject, theirs: JsonObject): Objects {
  return { base: isObject(base) ? base : noFields, ours, theirs };
}

function mergeObjects(
  run: MergeRun,
  schema: ObjectSchema,
  { base, ours, theirs }: Objects,
  { place, newer }: Spot,
): JsonObject {
  const merged = new Map<string, JsonValue>();
  const unitOf = new Map(
    schema.units?.flatMap((unit) => unit.fields.map((field) => [field, unit])),
  );
  const done = new Set<FieldUnit>();
  for (const key of keysInOrder(base, ours, theirs)) {
    const unit = unitOf.get(key);
    if (unit === undefined) {
      const slots = { base: base.get(key), ours: ours.get(key), theirs: theirs.get(key) };
      const child = schema.fields.get(key) ?? schema.others;
      const slot = mergeSlots(run, child, slots, { place: { parent: place, name: key }, newer });
      if (slot !== undefined) merged.set(key, slot);
    } else if (!done.has(unit)) {
      done.add(unit);
      const spot = { place: { parent: place, name: unit.name }, newer };
      const fields = mergeUnit(run, unit, { base, ours, theirs }, spot);
      for (const [name, value] of fields) merged.set(name, value);
    }
  }
  return merged;
}

/** The base's keys in its order, then new ones by code point, so that no side's order shows. */
function keysInOrder(base: JsonObject, ours: JsonObject, theirs: JsonObject): string[] {
  const added = new Set<string>();
  for (const side of [ours, theirs]) {
    for (const key of side.keys()) if (!base.has(key)) added.add(key);
  }
  return [...base.keys(), ...[...added].sort(compareCodePoints)];
}

function mergeUnit(run: MergeRun, unit: FieldUnit, sides: Objects, spot: Spot): JsonObject {
  const base = pickFields(sides.base, unit.fields);
  const ours = pickFields(sides.ours, unit.fields);
  const theirs = pickFields(sides.theirs, unit.fields);
  if (run.comparison.same(ours, theirs)) return ours;
  if (run.isBaseKnown) {
    if (run.comparison.same(base, ours)) return theirs;
    if (run.comparison.same(base, theirs)) return ours;
  }
  const lead = unit.rank(ours) - unit.rank(theirs);
  const preferred: Side | undefined = lead === 0 ? undefined : lead > 0 ? "ours" : "theirs";
  const passedOver = Math.min(unit.rank(ours), unit.rank(theirs));
  if (preferred !== undefined && passedOver === 0 && unit.rank(base) === 0) {
    return preferred === "ours" ? ours : theirs;
  }
  const slots = { base: base.size === 0 ? undefined : base, ours, theirs };
  const shown = run.referee.decide({ ...disputeOf(run, slots, spot), isDeclared: true, preferred });
  return isObject(shown) ? shown : noFields;
}

function mergeStamped(
  run: MergeRun,
  { stamp, content }: StampedSchema,
  { base, ours, theirs }: Objects,
  place: Place | undefined,
): JsonObject {
  const stamps: readonly [Slot, Slot] = [ours.get(stamp), theirs.get(stamp)];
  const lead = compareStamps(stamps[0], stamps[1]);
  const newer: Side | undefined = lead === 0 ? undefined : lead > 0 ? "ours" : "theirs";
  if (!stamps.every((slot) => slot === undefined || isNumber(slot))) {
    return mergeObjects(run, content, { base, ours, theirs }, { place, newer });
  }
  const bare = {
    base: withoutFields(base, [stamp]),
    ours: withoutFields(ours, [stamp]),
    theirs: withoutFields(theirs, [stamp]),
  };
  const isSame = run.comparison.same(bare.ours, bare.theirs);
  const merged = isSame ? bare.ours : mergeObjects(run, content, bare, { place, newer });
  // A side may stay as it is only if the SDK, too, would let it win over the other.
  if (lead > 0 && run.comparison.same(merged, bare.ours)) return ours;
  if (lead < 0 && run.comparison.same(merged, bare.theirs)) return theirs;
  if (isSame) return canonicalText(ours) > canonicalText(theirs) ? ours : theirs;
  const later = laterStamp(stamps[0], stamps[1]);
  return later === undefined ? merged : new Map([...merged, [stamp, later]]);
}

function mergeItems(
  run: MergeRun,
  schema: ItemsSchema,
  slots: Slots,
  { place, newer }: Spot,
): JsonValue {
  const base = indexItems(schema, slots.base);
  const ours = indexItems(schema, slots.ours);
  const theirs = indexItems(schema, slots.theirs);
  const merged = new Map<string, JsonValue>();
  const mergeItem = (label: string, item: JsonValue) => {
    const sides = { base: base.get(label), ours: ours.get(label), theirs: theirs.get(label) };
    const name = () => itemName(schema, label, item);
    const slot = mergeSlots(run, schema.item, sides, { place: { parent: place, name }, newer });
    if (slot !== undefined) merged.set(label, slot);
  };
  // Most items are alike, and there can be very many.
  for (const [label, item] of ours) {
    if (Object.is(item, theirs.get(label))) merged.set(label, item);
    else mergeItem(label, item);
  }
  for (const [label, item] of theirs) if (!ours.has(label)) mergeItem(label, item);
  const arrangement = {
    base: run.isBaseKnown && isArray(slots.base) ? base : undefined,
    ours,
    theirs,
    settle: (): Side | undefined => {
      if (schema.kind === "set") return undefined;
      const reason = "ordered-differently";
      const dispute: Dispute = { place, newer, slots, reason, isDeclared: true };
      return run.referee.decide(dispute) === slots.ours ? "ours" : "theirs";
    },
  };
  const items: JsonValue[] = [];
  for (const label of arrangeItems(arrangement, merged)) {
    const item = merged.get(label);
    if (item !== undefined) items.push(item);
  }
  return items;
}

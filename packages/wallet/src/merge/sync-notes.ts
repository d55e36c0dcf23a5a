/**
 * Conflicts and retired keys as JSON, the way they travel beside or inside a document (MERGE-5). Values inside are JSON
 * texts, so that a deeply nested one nests no deeper. What these notes do not understand, they do not touch.
 */
import { formatJson } from "../json/format-json.ts";
import { parseJson } from "../json/parse-json.ts";
import type { JsonObject, JsonValue } from "../json/value.ts";
import { WalletError } from "../lbry/wallet-error.ts";
import { isArray, isObject, type Slot } from "./value-comparison.ts";
import type { Conflict, Conflicts, ConflictReason, Retired, RetiredKey } from "./wallet-format.ts";

export interface SyncNotes {
  readonly conflicts: Conflicts;
  readonly retired: Retired;
}

const version = 1n;

const reasons: readonly ConflictReason[] = [
  "changed-differently",
  "removed-and-changed",
  "removed-unannounced",
  "ordered-differently",
  "unknown-base",
];
const tiers: readonly Conflict["tier"][] = ["confirmation", "advanced"];
const kinds: readonly RetiredKey["kind"][] = ["account", "seed", "private-key", "channel-key"];

/** Whether there is nothing to note. */
export function areEmptyNotes({ conflicts, retired }: SyncNotes): boolean {
  return weightOfNotes({ conflicts, retired }) === 0;
}

/** How much the notes hold. It never shrinks along a line of revisions. */
export function weightOfNotes({ conflicts, retired }: SyncNotes): number {
  return (
    conflicts.open.length + conflicts.closed.length + retired.keys.length + retired.destroyed.length
  );
}

export function encodeNotes({ conflicts, retired }: SyncNotes): JsonObject {
  return new Map<string, JsonValue>([
    ["version", version],
    [
      "conflicts",
      new Map<string, JsonValue>([
        ["open", conflicts.open.map(encodeConflict)],
        ["closed", conflicts.closed],
      ]),
    ],
    [
      "retired",
      new Map<string, JsonValue>([
        ["keys", retired.keys.map(encodeRetiredKey)],
        ["destroyed", retired.destroyed],
      ]),
    ],
  ]);
}

export function encodeConflict(conflict: Conflict): JsonObject {
  return new Map<string, JsonValue>([
    ["id", conflict.id],
    ["path", conflict.path],
    ["reason", conflict.reason],
    ["tier", conflict.tier],
    ["values", conflict.values.map(encodeSlot)],
    ["base", encodeSlot(conflict.base)],
  ]);
}

function encodeRetiredKey({ id, kind, path, value }: RetiredKey): JsonObject {
  return new Map<string, JsonValue>([
    ["id", id],
    ["kind", kind],
    ["path", path],
    ["value", formatJson(value)],
  ]);
}

function encodeSlot(slot: Slot): JsonValue {
  return slot === undefined ? null : formatJson(slot);
}

/**
 * The notes in a JSON value; undefined if they are damaged. Throws `unsupported-version` for notes of a newer Holdfast,
 * which an older one would lose.
 */
export function decodeNotes(value: JsonValue): SyncNotes | undefined {
  if (!isObject(value)) return undefined;
  const found = value.get("version");
  if (typeof found === "bigint" && found > version) {
    throw new WalletError(
      "unsupported-version",
      "This wallet was last synced by a newer version of Holdfast. Nothing was changed. Update Holdfast on this device.",
    );
  }
  if (found !== version) return undefined;
  try {
    const conflicts = object(value.get("conflicts"));
    const retired = object(value.get("retired"));
    return {
      conflicts: {
        open: readAll(conflicts, "open", decodeConflict),
        closed: texts(conflicts, "closed"),
      },
      retired: {
        keys: readAll(retired, "keys", decodeRetiredKey),
        destroyed: texts(retired, "destroyed"),
      },
    };
  } catch (error) {
    if (error instanceof Damage || error instanceof WalletError) return undefined;
    throw error;
  }
}

class Damage extends Error {}

function readAll<Item extends { readonly id: string }>(
  notes: JsonObject,
  name: string,
  decode: (object: JsonObject) => Item,
): readonly Item[] {
  const items = list(notes.get(name)).map((item) => decode(object(item)));
  const byId = new Map(items.map((item) => [item.id, item]));
  return [...byId.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

function decodeConflict(fields: JsonObject): Conflict {
  const [first, second, ...more] = list(fields.get("values")).map(decodeSlot);
  if (more.length > 0) throw new Damage();
  return {
    id: text(fields.get("id")),
    path: texts(fields, "path", false),
    reason: oneOf(reasons, fields.get("reason")),
    tier: oneOf(tiers, fields.get("tier")),
    values: [first, second],
    base: decodeSlot(fields.get("base") ?? null),
  };
}

function decodeRetiredKey(fields: JsonObject): RetiredKey {
  return {
    id: text(fields.get("id")),
    kind: oneOf(kinds, fields.get("kind")),
    path: texts(fields, "path", false),
    value: parseJson(text(fields.get("value"))),
  };
}

function decodeSlot(value: JsonValue): Slot {
  return value === null ? undefined : parseJson(text(value));
}

function object(slot: Slot): JsonObject {
  if (!isObject(slot)) throw new Damage();
  return slot;
}

function list(slot: Slot): readonly JsonValue[] {
  if (!isArray(slot)) throw new Damage();
  return slot;
}

function text(slot: Slot): string {
  if (typeof slot !== "string") throw new Damage();
  return slot;
}

function texts(fields: JsonObject, name: string, isSet = true): readonly string[] {
  const found = list(fields.get(name)).map(text);
  return isSet ? [...new Set(found)].sort() : found;
}

function oneOf<Name extends string>(names: readonly Name[], slot: Slot): Name {
  const found = names.find((name) => name === slot);
  if (found === undefined) throw new Damage();
  return found;
}

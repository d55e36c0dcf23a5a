/** A real wallet format in a simulation: what it is given is edited, answered and searched as by an app. */
import { contentFormatOf } from "@holdfast/client";
import type { JsonArray, JsonObject, JsonValue } from "@holdfast/wallet/json";
import type { Conflict, Content, WalletFormat } from "@holdfast/wallet/merge";
import type { Desk, PersonEdit, SimulatedWallet } from "../simulation/simulated-wallet.ts";

/** Texts by path: whatever people wrote, wherever it stands. Items of arrays are named by their own text. */
type Leaves = ReadonlyMap<string, string>;

export type FormatWalletOptions<Document extends JsonValue> = {
  readonly format: WalletFormat<Document>;
  /** The document after one random edit; null: nothing to do in this document. */
  readonly change: (desk: Desk, document: Document) => Document | null;
  /** The name of an object that stands in an array. */
  readonly nameOf: (item: JsonObject) => string;
  /** Texts that are key material, whoever holds them. */
  readonly keysOf: (content: Content<Document>) => Iterable<string>;
};

/** Seconds since 1970 where a simulation begins. */
const beginning = 1_800_000_000;

export function createFormatWallet<Document extends JsonValue>({
  format,
  change,
  nameOf,
  keysOf,
}: FormatWalletOptions<Document>): SimulatedWallet<Content<Document>> {
  type Held = Content<Document>;
  const leavesOf = (prefix: string, value: JsonValue): Leaves => {
    const leaves = new Map<string, string>();
    collect(leaves, nameOf, prefix, value);
    return leaves;
  };
  const known = new WeakMap<JsonObject, Leaves>();
  const leavesIn = ({ document }: Held): Leaves => {
    if (!isObject(document)) return leavesOf("", document);
    const leaves = known.get(document) ?? leavesOf("", document);
    known.set(document, leaves);
    return leaves;
  };
  const leavesOfValues = ({ path, values }: Conflict): Leaves[] =>
    values.map((value) => (value === undefined ? new Map() : leavesOf(path.join("/"), value)));
  const seconds = ({ nowMs }: Desk): number => beginning + Math.floor(nowMs / 1000);

  function edit(desk: Desk, content: Held): PersonEdit<Held> | null {
    const document = change(desk, content.document);
    if (document === null) return null;
    return editBetween(content, format.edit(content, document, seconds(desk)), []);
  }

  function answer(desk: Desk, content: Held): PersonEdit<Held> | null {
    const { open } = content.conflicts;
    if (open.length === 0) return null;
    const conflict = desk.random.pick(open);
    const choice = desk.random.pick(["first", "second", "shown"] as const);
    const chosen = format.resolveConflict(content, conflict.id, choice, seconds(desk));
    const outcome =
      chosen.type === "resolved"
        ? chosen
        : format.resolveConflict(content, conflict.id, "shown", seconds(desk));
    if (outcome.type !== "resolved") return null;
    const disputed = leavesOfValues(conflict).flatMap((leaves) => [...leaves.keys()]);
    return editBetween(content, outcome.content, disputed);
  }

  /** What is different, and what a person has looked at and left as it is. */
  function editBetween(before: Held, after: Held, lookedAt: readonly string[]): PersonEdit<Held> {
    const [was, is] = [leavesIn(before), leavesIn(after)];
    const paths = new Set([...was.keys(), ...is.keys(), ...lookedAt]);
    const changes: PersonEdit<Held>["changes"][number][] = [];
    for (const path of paths) {
      const [removed, value] = [was.get(path) ?? null, is.get(path) ?? null];
      if (removed !== value) changes.push({ path, value, removed });
      else if (lookedAt.includes(path)) changes.push({ path, value, isAffirmed: true });
    }
    return { content: after, changes };
  }

  return {
    format: contentFormatOf(format),
    marksEdits: false,
    serialize: (content) => format.serialize(content),
    parse: (text) => format.parse(text),
    edit,
    answer,
    pathsOf: (content) => [...leavesIn(content).keys()],
    valueAt: (content, path) => leavesIn(content).get(path) ?? null,
    listed: ({ conflicts }) =>
      conflicts.open.flatMap((conflict) => {
        const sides = leavesOfValues(conflict);
        const paths = new Set(sides.flatMap((leaves) => [...leaves.keys()]));
        return [...paths].flatMap((path) =>
          sides.map((leaves) => ({ path, value: leaves.get(path) ?? null })),
        );
      }),
    keyIds: keysOf,
  };
}

function collect(
  leaves: Map<string, string>,
  nameOf: (item: JsonObject) => string,
  path: string,
  value: JsonValue,
): void {
  const below = (name: string): string => (path === "" ? name : `${path}/${name}`);
  if (typeof value === "string") leaves.set(path, value);
  else if (isArray(value))
    for (const item of value) {
      if (typeof item === "string") leaves.set(below(item), item);
      else if (isObject(item)) collect(leaves, nameOf, below(nameOf(item)), item);
    }
  else if (isObject(value))
    for (const [name, field] of value) collect(leaves, nameOf, below(name), field);
}

export function isArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** The document with something done to the value of a path; the objects on the way are made if they are missing. */
export function changeAt(
  document: JsonObject,
  [name = "", ...rest]: readonly string[],
  change: (value: JsonValue | undefined) => JsonValue | undefined,
): JsonObject {
  const old = document.get(name);
  const inner = isObject(old) ? old : new Map<string, JsonValue>();
  const value = rest.length === 0 ? change(old) : changeAt(inner, rest, change);
  const changed = new Map(document);
  if (value === undefined) changed.delete(name);
  else changed.set(name, value);
  return changed;
}

/** A list of texts with one more at a random place, or without a random one; one of them moved, if the order matters. */
export function changeTexts(
  { random, fresh }: Desk,
  value: JsonValue | undefined,
  isOrdered: boolean,
): JsonArray {
  const texts = isArray(value) ? value : [];
  const at = random.below(texts.length + 1);
  const kind = random.below(isOrdered ? 10 : 8);
  if (texts.length === 0 || (kind < 4 && texts.length < 12)) return texts.toSpliced(at, 0, fresh());
  if (kind < 8) return texts.toSpliced(Math.min(at, texts.length - 1), 1);
  const moved = random.pick(texts);
  return texts.filter((text) => text !== moved).toSpliced(at, 0, moved);
}

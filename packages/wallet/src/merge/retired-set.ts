/**
 * Key material only grows (MERGE-30 to MERGE-33): whatever is no longer in a document is moved to its retired keys, a
 * set by id that merging only unites and that an explicit destruction alone makes smaller.
 */
import { canonicalText, shortHash } from "./canonical-text.ts";
import { sortedUnion } from "./sorted-set.ts";
import type { JsonValue } from "../json/value.ts";
import type { Retired, RetiredKey } from "./wallet-format.ts";

export const nothingRetired: Retired = { keys: [], destroyed: [] };

/** Something that is retired as one, with the texts that tell whether its key material is still somewhere. */
export interface Retirable {
  readonly kind: RetiredKey["kind"];
  readonly path: () => readonly string[];
  readonly value: JsonValue;
  readonly parts: readonly string[];
}

/** One holder of keys in a document, retired as a whole once its marker is gone, else piece by piece. */
export interface KeyHolding {
  readonly marker: string;
  readonly whole: Retirable;
  readonly pieces: readonly Retirable[];
}

/** All retired keys of several contents but the destroyed ones. */
export function uniteRetired(sets: readonly Retired[]): Retired {
  const destroyed = sortedUnion(sets.map((set) => set.destroyed));
  const isDestroyed = new Set(destroyed);
  const keys = new Map<string, RetiredKey>();
  for (const key of sets.flatMap((set) => set.keys)) {
    const known = keys.get(key.id);
    if (!isDestroyed.has(key.id))
      keys.set(key.id, known === undefined ? key : largerOf(known, key));
  }
  return { keys: inOrder(keys), destroyed };
}

function inOrder(keys: ReadonlyMap<string, RetiredKey>): readonly RetiredKey[] {
  return [...keys.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

function largerOf(one: RetiredKey, other: RetiredKey): RetiredKey {
  return one === other || canonicalText(one.value) >= canonicalText(other.value) ? one : other;
}

/** What tells whether key material is in a content: the parts in its document and in its retired keys. */
export interface KeyInventory {
  readonly parts: ReadonlySet<string>;
  readonly destroyed: ReadonlySet<string>;
}

/**
 * Adds to `retired` what `holdings` have and the inventory has not. Destructions in `oldDestroyed` are old news: a key
 * that was in a document after them is retired again.
 */
export function retireMissing(
  retired: Retired,
  holdings: readonly KeyHolding[],
  inventory: KeyInventory,
  oldDestroyed: ReadonlySet<string>,
): Retired {
  const covered = new Set(inventory.parts);
  const isCovered = ({ parts }: Retirable) => parts.every((part) => covered.has(part));
  const keys = new Map(retired.keys.map((key) => [key.id, key]));
  const retire = ({ kind, path, value, parts }: Retirable) => {
    const id = retiredId(kind, parts, oldDestroyed);
    for (const part of parts) covered.add(part);
    if (!inventory.destroyed.has(id)) keys.set(id, { id, kind, path: path(), value });
  };
  for (const { marker, whole, pieces } of inFixedOrder(
    holdings.filter(({ whole }) => !isCovered(whole)),
  )) {
    if (!covered.has(marker)) retire(whole);
    for (const piece of pieces) if (!isCovered(piece)) retire(piece);
  }
  return keys.size === retired.keys.length ? retired : { ...retired, keys: inOrder(keys) };
}

/** One key can have several holders; which of them is named must not depend on whose side it is on. */
function inFixedOrder(holdings: readonly KeyHolding[]): readonly KeyHolding[] {
  return holdings
    .map((holding) => ({ holding, text: canonicalText(holding.whole.value) }))
    .sort((one, other) => (one.text < other.text ? -1 : 1))
    .map(({ holding }) => holding);
}

/** The id under which a key is retired, given the destructions that came before. */
export function retiredId(
  kind: RetiredKey["kind"],
  parts: readonly string[],
  oldDestroyed: ReadonlySet<string>,
): string {
  for (let occurrence = 0n; ; occurrence += 1n) {
    const id = shortHash([kind, parts, occurrence]);
    if (!oldDestroyed.has(id)) return id;
  }
}

/** The retired keys without one of them, for good. */
export function destroyKey(retired: Retired, id: string): Retired {
  if (!retired.keys.some((key) => key.id === id)) return retired;
  return uniteRetired([retired, { keys: [], destroyed: [id] }]);
}

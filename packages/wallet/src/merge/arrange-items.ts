/**
 * The order of merged items (MERGE-15): the side that moved items leads, and what only the other side has is put
 * behind the item it followed there. Takes linear time.
 */
import type { Side } from "./conflict-referee.ts";

type Labels = readonly string[];

export interface Arrangement {
  /** Undefined where there was no array or nobody knows. */
  readonly base: Labels | undefined;
  readonly ours: Labels;
  readonly theirs: Labels;
  /** Names the side to follow where both put the same items into different orders; undefined: the rule does. */
  readonly settle: () => Side | undefined;
}

/** The labels that `merged` has, in their merged order. */
export function arrangeItems(
  { base, ours, theirs, settle }: Arrangement,
  merged: { has(label: string): boolean },
): Labels {
  const mine = ours.filter((label) => merged.has(label));
  const yours = theirs.filter((label) => merged.has(label));
  const inMine = new Set(mine);
  const inYours = new Set(yours);
  const leader = leadingSide(base, mine, yours, settle);
  return leader === "ours" ? insertInto(mine, inMine, yours) : insertInto(yours, inYours, mine);
}

function leadingSide(
  base: Labels | undefined,
  mine: Labels,
  yours: Labels,
  settle: () => Side | undefined,
): Side {
  const byRule: Side = compareLabels(mine, yours) >= 0 ? "ours" : "theirs";
  const inYours = new Set(yours);
  const ourOrder = mine.filter((label) => inYours.has(label));
  const inBoth = new Set(ourOrder);
  const theirOrder = yours.filter((label) => inBoth.has(label));
  if (areEqual(ourOrder, theirOrder)) return byRule;
  if (base === undefined) return settle() ?? byRule;
  const inBase = new Set(base);
  const before = base.filter((label) => inBoth.has(label));
  const ourMoves = ourOrder.filter((label) => inBase.has(label));
  const theirMoves = theirOrder.filter((label) => inBase.has(label));
  if (areEqual(theirMoves, before)) return areEqual(ourMoves, before) ? byRule : "ours";
  if (areEqual(ourMoves, before)) return "theirs";
  return areEqual(ourMoves, theirMoves) ? byRule : (settle() ?? byRule);
}

function insertInto(leading: Labels, inLeading: ReadonlySet<string>, following: Labels): Labels {
  const atStart: string[] = [];
  const groups = new Map<string, string[]>();
  let group = atStart;
  for (const label of following) {
    if (inLeading.has(label)) {
      group = [];
      groups.set(label, group);
    } else {
      group.push(label);
    }
  }
  return [...atStart, ...leading.flatMap((label) => [label, ...(groups.get(label) ?? [])])];
}

function areEqual(one: Labels, other: Labels): boolean {
  return one.length === other.length && one.every((label, at) => label === other[at]);
}

function compareLabels(one: Labels, other: Labels): number {
  if (one.length !== other.length) return one.length - other.length;
  const at = one.findIndex((label, index) => label !== other[index]);
  return at < 0 ? 0 : (one[at] ?? "") < (other[at] ?? "") ? -1 : 1;
}

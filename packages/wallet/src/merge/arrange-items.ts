/**
 * The order of merged items (MERGE-15): the side that moved items leads, and what only the other side has is put
 * behind the item it followed there. Takes linear time.
 */
import type { Side } from "./conflict-referee.ts";

/** Labels in order, with a quick way to find one. */
type Labels = Pick<ReadonlyMap<string, unknown>, "has" | "keys">;

export interface Arrangement {
  /** Undefined where there was no array or nobody knows. */
  readonly base: Labels | undefined;
  readonly ours: Labels;
  readonly theirs: Labels;
  /** Names the side to follow where both put the same items into different orders; undefined: the rule does. */
  readonly settle: () => Side | undefined;
}

/** The labels that `merged` has, in their merged order. */
export function arrangeItems(arrangement: Arrangement, merged: Labels): readonly string[] {
  const { ours, theirs } = arrangement;
  const isMerged = (label: string) => merged.has(label);
  const mine = Array.from(ours.keys()).filter(isMerged);
  const yours = Array.from(theirs.keys()).filter(isMerged);
  return leadingSide(arrangement, mine, yours) === "ours"
    ? insertInto(mine, ours, yours)
    : insertInto(yours, theirs, mine);
}

function leadingSide(
  { base, ours, theirs, settle }: Arrangement,
  mine: readonly string[],
  yours: readonly string[],
): Side {
  const byRule: Side = compareLabels(mine, yours) >= 0 ? "ours" : "theirs";
  const ourOrder = mine.filter((label) => theirs.has(label));
  const theirOrder = yours.filter((label) => ours.has(label));
  if (areEqual(ourOrder, theirOrder)) return byRule;
  if (base === undefined) return settle() ?? byRule;
  const inBoth = new Set(ourOrder);
  const before = Array.from(base.keys()).filter((label) => inBoth.has(label));
  const ourMoves = ourOrder.filter((label) => base.has(label));
  const theirMoves = theirOrder.filter((label) => base.has(label));
  if (areEqual(theirMoves, before)) return areEqual(ourMoves, before) ? byRule : "ours";
  if (areEqual(ourMoves, before)) return "theirs";
  return areEqual(ourMoves, theirMoves) ? byRule : (settle() ?? byRule);
}

function insertInto(
  leading: readonly string[],
  inLeading: Labels,
  following: readonly string[],
): readonly string[] {
  const atStart: string[] = [];
  const groups = new Map<string, string[]>();
  let anchor: string | undefined;
  for (const label of following) {
    if (inLeading.has(label)) anchor = label;
    else if (anchor === undefined) atStart.push(label);
    else {
      const group = groups.get(anchor) ?? [];
      group.push(label);
      groups.set(anchor, group);
    }
  }
  if (groups.size === 0) return [...atStart, ...leading];
  return [...atStart, ...leading.flatMap((label) => [label, ...(groups.get(label) ?? [])])];
}

function areEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((label, at) => label === other[at]);
}

function compareLabels(one: readonly string[], other: readonly string[]): number {
  if (one.length !== other.length) return one.length - other.length;
  const at = one.findIndex((label, index) => label !== other[index]);
  return at < 0 ? 0 : (one[at] ?? "") < (other[at] ?? "") ? -1 : 1;
}

/** Conflicts as a set by id that merging only unites; an answered one is closed for good (MERGE-3, MERGE-24). */
import { formatJson } from "../json/format-json.ts";
import { encodeConflict } from "./sync-notes.ts";
import { intersection, sortedUnion } from "./sorted-set.ts";
import type { ClosedConflicts } from "./conflict-referee.ts";
import type { Conflict, Conflicts } from "./wallet-format.ts";

export const noConflicts: Conflicts = { open: [], closed: [] };

/** What merging with a known base has to know about answers. */
export function closedInMerge(
  base: Conflicts,
  ours: Conflicts,
  theirs: Conflicts,
): ClosedConflicts {
  return {
    base: new Set(base.closed),
    ours: new Set(ours.closed),
    theirs: new Set(theirs.closed),
  };
}

/** What reconciling two candidates has to know: only what both know is old news. */
export function closedInReconciliation(one: Conflicts, other: Conflicts): ClosedConflicts {
  const ours = new Set(one.closed);
  const theirs = new Set(other.closed);
  return { base: intersection(ours, theirs), ours, theirs };
}

/** All conflicts of several contents and newly found ones, without those that any of them knows as answered. */
export function uniteConflicts(
  sets: readonly Conflicts[],
  found: readonly Conflict[] = [],
): Conflicts {
  const closed = sortedUnion(sets.map((set) => set.closed));
  const isClosed = new Set(closed);
  const open = new Map<string, Conflict>();
  for (const conflict of [...sets.flatMap((set) => set.open), ...found]) {
    if (isClosed.has(conflict.id)) continue;
    const known = open.get(conflict.id);
    open.set(conflict.id, known === undefined ? conflict : fullerOf(known, conflict));
  }
  return { open: [...open.values()].sort((one, other) => (one.id < other.id ? -1 : 1)), closed };
}

/** The same question seen from two bases: one of them, the same on every device. */
function fullerOf(one: Conflict, other: Conflict): Conflict {
  if (one === other) return one;
  const [left, right] = [one, other].map((conflict) => formatJson(encodeConflict(conflict)));
  return (left ?? "") >= (right ?? "") ? one : other;
}

/** The conflicts with one of them answered. */
export function closeConflict(conflicts: Conflicts, id: string): Conflicts {
  return uniteConflicts([conflicts, { open: [], closed: [id] }]);
}

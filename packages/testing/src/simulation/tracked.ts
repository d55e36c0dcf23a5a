/**
 * Content together with the edits that went into it. The engine carries both through merges, disks and hosts, so that
 * a check can say of any two edits whether one had seen the other.
 */
import type { ContentFormat } from "@holdfast/client/engine";
import { BitSet } from "./bit-set.ts";

/** `seen`: the numbers of all edits that this content descends from, as counted in `era`. */
export type Tracked<Content> = {
  readonly content: Content;
  readonly seen: BitSet;
  readonly era: number;
};

/** Eras divide a long run: everything before the current one is settled and counts as its baseline. */
export type Era = { number: number; baseline: BitSet };

/** The era of content that nothing went into. */
const never = -1;

/** What was seen, in terms of the current era. */
export function seenIn<Content>(era: Era, tracked: Tracked<Content>): BitSet {
  if (tracked.era === era.number || tracked.era === never) return tracked.seen;
  return era.baseline;
}

/** The format of tracked content: the inner format's results, with the union of what went in. */
export function trackFormat<Content>(
  inner: ContentFormat<Content>,
  era: Era,
): ContentFormat<Tracked<Content>> {
  const track = (content: Content, ...sources: readonly Tracked<Content>[]): Tracked<Content> => {
    let seen = BitSet.empty;
    for (const source of sources) seen = seen.union(seenIn(era, source));
    return { content, seen, era: era.number };
  };
  return {
    empty: { content: inner.empty, seen: BitSet.empty, era: never },
    equal: (one, other) => one === other || inner.equal(one.content, other.content),
    merge: (base, ours, theirs) =>
      track(inner.merge(base.content, ours.content, theirs.content), ours, theirs),
    reconcile: (one, other) => track(inner.reconcile(one.content, other.content), one, other),
    grow: (before, after) => {
      const grown = inner.grow(before.content, after.content);
      const isSame = grown === after.content && seenIn(era, before).isWithin(seenIn(era, after));
      return isSame ? after : track(grown, before, after);
    },
    conflictCount: (tracked) => inner.conflictCount(tracked.content),
  };
}

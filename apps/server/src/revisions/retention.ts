/**
 * Which ciphertexts of a wallet the host keeps (P4-65). Headers are kept for ever, so that every chain can be verified; bodies:
 * the newest; everything for 48 hours; then the last one of each day for 90 days, then the last one of each month; and for
 * ever the one before a rotation, before a restore or other break that its client marked, and before a large shrink. Pure.
 */
import type { RevisionAge } from "./revision-store.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const EVERYTHING_MS = 48 * HOUR_MS;
const DAILY_MS = 90 * DAY_MS;
/** A revision of less than half the size of the one before: something large was dropped, on purpose or not. */
const LARGE_SHRINK = 0.5;

/** The oldest moment whose bodies are all kept. */
export function keptUntouchedSince(nowMs: number): number {
  return nowMs - EVERYTHING_MS;
}

/** Sequences whose bodies go. `revisions` are all of one wallet's, in order. */
export function bodiesToDrop(revisions: readonly RevisionAge[], nowMs: number): readonly number[] {
  const lastOfPeriod = new Map<string, number>();
  for (const { sequence, storedAtMs, hasBody } of revisions) {
    if (hasBody) lastOfPeriod.set(periodOf(storedAtMs, nowMs), sequence);
  }
  return revisions
    .filter((revision, index) => {
      const next = revisions[index + 1];
      const isKept =
        next === undefined ||
        nowMs - revision.storedAtMs < EVERYTHING_MS ||
        lastOfPeriod.get(periodOf(revision.storedAtMs, nowMs)) === revision.sequence ||
        isLandmark(revision, next);
      return revision.hasBody && !isKept;
    })
    .map(({ sequence }) => sequence);
}

function isLandmark(revision: RevisionAge, next: RevisionAge): boolean {
  // Of headers that healed a host the size is not known.
  const isShrink = next.bytes > 0 && next.bytes < revision.bytes * LARGE_SHRINK;
  return next.generation > revision.generation || next.keepsPrevious || isShrink;
}

/** The day, or beyond 90 days the month, in UTC. */
function periodOf(storedAtMs: number, nowMs: number): string {
  const day = new Date(storedAtMs).toISOString().slice(0, 10);
  return nowMs - storedAtMs < DAILY_MS ? day : day.slice(0, 7);
}

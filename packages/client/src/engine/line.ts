/**
 * The line of a revision: other revisions whose content went into it, oldest first. Protocol 4 proves the whole line
 * by its chain of headers; in protocol 3 it travels inside the encrypted content, where clients of other makers leave
 * gaps or drop it, so that silence proves nothing while a contradiction does (SYNC-6, SYNC-11).
 */
import { isSameRevision } from "./revision.ts";
import type { RevisionRef } from "./revision.ts";

export type Line = readonly RevisionRef[];

/** What a line says of one revision. */
export type Descent = "contains" | "contradicts" | "unknown";

/** How far back a line is remembered: who was away for longer is treated as by clients that keep no line. */
export const maxLineLength = 256;
/** The very first revisions are remembered for ever: they tell a wallet from another one that began anew. */
const rootLength = 16;

/** Whether the line holds the revision, holds another one in its place, or is silent. */
export function descentFrom(line: Line, ref: RevisionRef): Descent {
  if (ref.sequence === 0) return "contains";
  let isContradicted = false;
  for (const one of line) {
    if (one.sequence !== ref.sequence) continue;
    if (one.hash === ref.hash) return "contains";
    isContradicted = true;
  }
  return isContradicted ? "contradicts" : "unknown";
}

/** The line with more revisions at its end: each once; beyond 256 those in between the first and the newest go. */
export function extendLine(line: Line, ...more: Line): Line {
  const added = more.filter((one) => one.sequence > 0);
  const kept = line.filter((one) => !added.some((other) => isSameRevision(one, other)));
  const all = [...kept, ...added];
  if (all.length <= maxLineLength) return all;
  return [...all.slice(0, rootLength), ...all.slice(rootLength - maxLineLength)];
}

/**
 * What a person can have done about a host that went wrong (SYNC-12, SYNC-13). Each takes the host's revision as the
 * new base although it does not follow ours, and each keeps everything of ours.
 *
 * A protocol-3 host restored from a backup is brought up by climbing: our content is pushed under one sequence after
 * the other until it stands above everything that any device has seen of us, so that the others find a newer revision
 * in the ordinary way. What we had is named in the line, so they see that it descends from theirs.
 */
import type { OpenOutcome } from "./events.ts";
import { raiseProblem, working } from "./failing.ts";
import { descentFrom, extendLine, maxLineLength } from "./line.ts";
import type { Line } from "./line.ts";
import type { Decision } from "./problem.ts";
import type { DeviceRecord } from "./record.ts";
import { noRevision } from "./revision.ts";
import type { RevisionRef } from "./revision.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { withRecord } from "./state.ts";

/** So many revisions nobody could read may stand above ours; a host that claims more is not followed there. */
const maxUnread = 1000;

/** Carries out the decision on the host's revision, of which `outcome` is the inside; null: the host has none. */
export function adoptHead<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  theirs: RevisionRef,
  outcome: OpenOutcome<Content> | null,
  decision: Decision | null,
): Step<Content> {
  const { record } = state;
  const isTooFar = theirs.sequence > record.highest + maxUnread;
  // Where the chain proves what went into a revision, one after theirs would claim that theirs did.
  const canPassOver = decision === "keep-mine" && !isTooFar && !parts.rules.isLineComplete;
  if (outcome?.type === "rejected" && !canPassOver) {
    const name = outcome.problem;
    return raiseProblem(parts, state, { name, ours: record.synced, theirs });
  }
  const opened = outcome?.type === "opened" ? outcome : null;
  const content = opened?.content ?? parts.format.empty;
  // A sequence that nobody vouches for is only what the host demands next, not what others have seen.
  const highest = opened === null ? record.highest : Math.max(record.highest, theirs.sequence);
  const isOurs = theirs.sequence === 0 || descentFrom(record.line, theirs) === "contains";
  const needsClimb =
    decision === "keep-mine" || highest > theirs.sequence || isPlaceTaken(record, theirs);
  return settle(parts, state, {
    synced: { ...theirs, content },
    local: together(parts, record.local, content, isOurs || decision === "keep-mine"),
    line: lineAfter(record, opened === null ? unread(record, theirs) : [...opened.line, theirs]),
    highest,
    climbTo: needsClimb ? Math.max(highest, theirs.sequence) + 1 : 0,
  });
}

/**
 * A newer head turns out to be something that already went into our content: nothing in it is new, so it becomes the
 * base and ours goes on top.
 */
export function adoptAncestor<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  theirs: RevisionRef,
  opened: Extract<OpenOutcome<Content>, { type: "opened" }>,
): Step<Content> {
  const { record } = state;
  return settle(parts, state, {
    synced: { ...theirs, content: opened.content },
    local: parts.format.grow(opened.content, record.local),
    line: lineAfter(record, [...opened.line, theirs]),
    highest: Math.max(record.highest, theirs.sequence),
    climbTo: record.climbTo > theirs.sequence ? record.climbTo : 0,
  });
}

function settle<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  patch: Pick<DeviceRecord<Content>, "synced" | "local" | "line" | "highest" | "climbTo">,
): Step<Content> {
  const next = withRecord(parts, state, { ...patch, inFlight: null, givenUp: [], problem: null });
  return {
    state: {
      ...next,
      activity: { type: "idle" },
      hasArrived: true,
      wasRefused: false,
      network: working(state.network),
    },
    effects: [],
  };
}

function together<Content>(
  { format }: EngineParts<Content>,
  local: Content,
  theirs: Content,
  hasNothingNew: boolean,
): Content {
  if (hasNothingNew) return format.grow(theirs, local);
  return format.grow(theirs, format.grow(local, format.merge(format.empty, local, theirs)));
}

/** Another revision in the place of ours: whoever saw ours needs a higher one. */
function isPlaceTaken<Content>({ synced }: DeviceRecord<Content>, theirs: RevisionRef): boolean {
  return synced.sequence === theirs.sequence && synced.hash !== theirs.hash;
}

/**
 * Stands in the line for revisions nobody could read, back to the last one that was ours: it is known that ours came
 * after them, and that nothing of them is in ours.
 */
function unread<Content>({ synced }: DeviceRecord<Content>, theirs: RevisionRef): Line {
  const line: RevisionRef[] = [];
  const first = Math.max(synced.sequence + 1, theirs.sequence - maxLineLength);
  for (let sequence = Math.min(first, theirs.sequence); sequence <= theirs.sequence; sequence += 1)
    line.push({ sequence, hash: "unread" });
  return line;
}

function lineAfter<Content>({ line, inFlight }: DeviceRecord<Content>, theirs: Line): Line {
  const { sequence, hash } = inFlight?.revision ?? noRevision;
  return extendLine(line, { sequence, hash }, ...theirs);
}

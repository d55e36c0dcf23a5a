/**
 * A newer revision, opened: is it what it should be, and if so, what comes of it and our own content (SYNC-6 … SYNC-9,
 * SYNC-11, SYNC-16). Base, merged content and the end of the push in flight go into one record.
 */
import { adoptAncestor, adoptHead } from "./adopting.ts";
import { polling } from "./considering.ts";
import type { OpenOutcome } from "./events.ts";
import { raiseProblem, working } from "./failing.ts";
import { descentFrom, extendLine } from "./line.ts";
import type { Line } from "./line.ts";
import type { ProblemName } from "./problem.ts";
import type { DeviceRecord } from "./record.ts";
import type { RevisionRef } from "./revision.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { quietly, withRecord } from "./state.ts";

type Opened<Content> = Extract<OpenOutcome<Content>, { type: "opened" }>;

/** The revision that was being opened is open, or was rejected. */
export function onOpened<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  requestId: number,
  outcome: OpenOutcome<Content>,
): Step<Content> {
  const { activity } = state;
  if (activity.type !== "opening" || activity.requestId !== requestId) return quietly(state);
  const { decision, head } = activity;
  const { sequence, hash } = head.revision;
  const theirs: RevisionRef = { sequence, hash };
  if (decision === "look") return quietly(showLook(state, outcome));
  if (decision === "heal" || decision === "keep-mine")
    return polling(adoptHead(parts, state, theirs, outcome, decision));
  const raise = (name: ProblemName): Step<Content> =>
    raiseProblem(parts, state, { name, ours: state.record.synced, theirs });
  if (outcome.type === "rejected") return raise(outcome.problem);
  if (outcome.epoch < state.record.epoch) return raise("old-epoch");
  if (descentFrom(state.record.line, theirs) === "contains")
    return polling(adoptAncestor(parts, state, theirs, outcome));
  const descent = descentFrom(outcome.line, state.record.synced);
  if (descent === "contradicts") return raise("forked");
  if (descent === "unknown" && parts.rules.isLineComplete) return raise("broken-chain");
  if (state.direction === "push") return polling(quietly(overtaken(state, theirs)));
  return polling(takeHead(parts, state, theirs, outcome));
}

/** A push alone was asked for, and the host has something newer: that is for a person to pull first. */
function overtaken<Content>(
  state: SyncState<Content>,
  { sequence }: RevisionRef,
): SyncState<Content> {
  return {
    ...state,
    activity: { type: "idle" },
    overtakenBy: sequence,
    wasRefused: false,
    hasArrived: true,
    network: working(state.network),
  };
}

function takeHead<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  theirs: RevisionRef,
  opened: Opened<Content>,
): Step<Content> {
  const { record } = state;
  const next = withRecord(parts, state, {
    synced: { ...theirs, content: opened.content },
    local: mergeHead(parts, record, theirs, opened),
    inFlight: null,
    givenUp: [],
    line: extendLine(record.line, ...opened.line, theirs),
    epoch: Math.max(record.epoch, opened.epoch),
    highest: Math.max(record.highest, theirs.sequence),
    climbTo: record.climbTo > theirs.sequence ? record.climbTo : 0,
    problem: null,
  });
  return quietly({
    ...next,
    activity: { type: "idle" },
    checkFor: state.checkFor <= theirs.sequence ? 0 : state.checkFor,
    hasArrived: true,
    network: working(state.network),
  });
}

function mergeHead<Content>(
  { format }: EngineParts<Content>,
  record: DeviceRecord<Content>,
  theirs: RevisionRef,
  opened: Opened<Content>,
): Content {
  const { local } = record;
  const isFirst = record.synced.sequence === 0 && record.inFlight === null;
  if (isFirst && record.firstSync === "keep-mine") return format.grow(opened.content, local);
  if (isFirst && record.firstSync === "take-theirs") return format.grow(local, opened.content);
  const merged = mergeBases(record, theirs, opened.line)
    .map((base) => format.merge(base, local, opened.content))
    .reduce((one, other) => format.reconcile(one, other));
  return format.grow(opened.content, format.grow(local, merged));
}

/** One base, or the candidates when nobody can tell whether the push in flight landed (SYNC-6). */
function mergeBases<Content>(
  { synced, inFlight, givenUp }: DeviceRecord<Content>,
  theirs: RevisionRef,
  line: Line,
): readonly Content[] {
  // Of a push before an upgrade no line tells anything.
  const untold = givenUp.filter(({ sequence }) => sequence === 0).map(({ content }) => content);
  const told = givenUp.filter(({ sequence }) => sequence > 0);
  const { content } = told.findLast((one) => descentFrom(line, one) === "contains") ?? synced;
  if (inFlight === null || inFlight.revision.sequence === theirs.sequence)
    return [content, ...untold];
  switch (descentFrom(line, inFlight.revision)) {
    case "contains":
      return [inFlight.content];
    case "contradicts":
      return [content];
    case "unknown":
      return [synced.content, inFlight.content];
  }
}

function showLook<Content>(
  state: SyncState<Content>,
  outcome: OpenOutcome<Content>,
): SyncState<Content> {
  return {
    ...state,
    activity: { type: "idle" },
    look:
      outcome.type === "opened"
        ? { type: "content", content: outcome.content }
        : { type: "unreadable" },
  };
}

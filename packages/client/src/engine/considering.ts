/**
 * What the host's newest revision means for this device, before anything in it is believed: nothing new, our own push
 * that landed, a newer revision to open, or something no honest host would say (SYNC-5, SYNC-7, SYNC-10).
 */
import { acceptInFlight, withoutInFlight } from "./accepting.ts";
import { adoptHead } from "./adopting.ts";
import type { FetchOutcome, ReportedHead } from "./events.ts";
import { onRequestFailed, raiseProblem, working } from "./failing.ts";
import type { Decision } from "./problem.ts";
import { isSameRevision, noRevision } from "./revision.ts";
import type { RevisionRef } from "./revision.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { quietly, withRecord } from "./state.ts";

const pollMs = { leastMs: 180_000, mostMs: 300_000 };

/** The host answered with its newest revision, or nothing came back. */
export function onFetched<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  requestId: number,
  outcome: FetchOutcome,
): Step<Content> {
  const { activity } = state;
  if (activity.type !== "checking" || activity.requestId !== requestId) return quietly(state);
  switch (outcome.type) {
    case "head":
      return considerHead(parts, state, outcome.head, activity.decision);
    case "empty":
      return considerHead(parts, state, null, activity.decision);
    case "rejected":
      return raiseProblem(parts, state, {
        name: outcome.problem,
        ours: state.record.synced,
        theirs: outcome.theirs,
      });
    case "unreachable":
    case "busy":
    case "garbled":
    case "unauthorized":
      return onRequestFailed(state, outcome);
  }
}

/** Considers the head the host reports; null: it has no wallet. */
export function considerHead<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  head: ReportedHead | null,
  decision: Decision | null,
): Step<Content> {
  const theirs: RevisionRef =
    head === null ? noRevision : { sequence: head.revision.sequence, hash: head.revision.hash };
  const { synced, inFlight } = state.record;
  if (decision !== null && decision !== "try-again") {
    if (head !== null) return openHead(state, head, decision);
    if (decision !== "look") return polling(adoptHead(parts, state, theirs, null, decision));
    return quietly({ ...state, activity: { type: "idle" }, look: { type: "none" } });
  }
  if (inFlight !== null && isSameRevision(inFlight.revision, theirs))
    return polling(acceptInFlight(parts, state));
  if (theirs.sequence > synced.sequence && head !== null) return openHead(state, head, decision);
  if (theirs.sequence < synced.sequence)
    return raiseProblem(parts, state, { name: "rolled-back", ours: synced, theirs });
  if (theirs.hash !== synced.hash)
    return raiseProblem(parts, state, { name: "forked", ours: synced, theirs });
  if (state.wasRefused)
    return onRequestFailed({ ...state, wasRefused: false }, { type: "garbled" });
  return polling(upToDate(parts, state));
}

function upToDate<Content>(parts: EngineParts<Content>, state: SyncState<Content>): Step<Content> {
  const { inFlight, problem } = state.record;
  const keyId = state.access.type === "open" ? state.access.keyId : null;
  const isVoid = inFlight !== null && (inFlight.via !== "push" || inFlight.keyId !== keyId);
  let next = state;
  if (isVoid) next = withRecord(parts, next, withoutInFlight(next.record));
  if (problem !== null) next = withRecord(parts, next, { problem: null });
  return {
    state: {
      ...next,
      activity: { type: "idle" },
      hasArrived: true,
      network: working(state.network),
    },
    effects: [],
  };
}

function openHead<Content>(
  state: SyncState<Content>,
  head: ReportedHead,
  decision: Decision | null,
): Step<Content> {
  const requestId = state.nextRequestId;
  const { sequence, hash } = state.record.synced;
  return {
    state: {
      ...state,
      nextRequestId: requestId + 1,
      activity: { type: "opening", requestId, head, decision },
      wasRefused: false,
      network: working(state.network),
    },
    effects: [{ type: "open", requestId, head, since: { sequence, hash } }],
  };
}

/** Asks again in some minutes, in case a notice gets lost (SYNC-18). */
export function polling<Content>(step: Step<Content>): Step<Content> {
  return {
    state: step.state,
    effects: [...step.effects, { type: "start-timer", timer: "poll", ...pollMs }],
  };
}

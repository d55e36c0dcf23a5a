/**
 * What to do next when nothing is under way: a function of the state alone, so that every path, a restart included,
 * comes to the same. In order: the person's decision, the push in flight, a look at the host, our own changes.
 */
import { endPasswordChange } from "./failing.ts";
import type { InFlight } from "./record.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { quietly } from "./state.ts";

/** Pushes without an edit in between after which two devices are taken to be correcting each other (SYNC-22). */
const maxRounds = 5;

/** Starts the next activity, if there is one and it may start. */
export function startNext<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
): Step<Content> {
  const { access, activity, network, record } = state;
  if (activity.type !== "idle" || access.type !== "open") return quietly(state);
  if (!network.isOnline || network.isWaiting) return quietly(state);
  if (record.problem !== null) return state.decision === null ? quietly(state) : check(state);
  if (state.overtakenBy > 0) return quietly(state);
  const { inFlight } = record;
  if (inFlight !== null) return resolveInFlight(state, inFlight, access.keyId);
  if (state.checkFor > record.synced.sequence) return check(state);
  if (wantsPush(state)) return seal(state, access.keyId, "push");
  if (state.passwordChange === "wanted") return changePassword(parts, state, access.keyId);
  return quietly(state);
}

/** Whether there is something to push, and nothing that says to wait (SYNC-7, SYNC-19, SYNC-22). */
function wantsPush<Content>(state: SyncState<Content>): boolean {
  const { direction, record, tooLarge } = state;
  if (direction === "pull") return false;
  if (tooLarge !== null && tooLarge.content === record.local) return false;
  if (state.mustPush || record.climbTo > record.synced.sequence) return true;
  return state.differs && state.rounds < maxRounds;
}

function resolveInFlight<Content>(
  state: SyncState<Content>,
  inFlight: InFlight<Content>,
  keyId: string,
): Step<Content> {
  const isDurable = state.disk.savedVersion >= state.inFlightVersion;
  const isSending = inFlight.via === "password-change" && state.passwordChange === "sending";
  if (isSending) {
    if (!isDurable) return quietly(state);
    const requestId = state.nextRequestId;
    return {
      state: {
        ...state,
        nextRequestId: requestId + 1,
        activity: { type: "changing-password", requestId },
      },
      effects: [{ type: "change-password", requestId, revision: inFlight.revision }],
    };
  }
  if (state.checkFor > 0 || inFlight.via !== "push" || inFlight.keyId !== keyId)
    return check(state);
  if (!isDurable || state.direction === "pull") return quietly(state);
  const requestId = state.nextRequestId;
  return {
    state: { ...state, nextRequestId: requestId + 1, activity: { type: "pushing", requestId } },
    effects: [{ type: "push", requestId, revision: inFlight.revision }],
  };
}

function check<Content>(state: SyncState<Content>): Step<Content> {
  const requestId = state.nextRequestId;
  const { problem, synced } = state.record;
  const { sequence, hash } = synced;
  // A decision about a problem that is gone meanwhile is void.
  const decision = problem === null ? null : state.decision;
  return {
    state: {
      ...state,
      nextRequestId: requestId + 1,
      checkFor: 0,
      decision: null,
      activity: { type: "checking", requestId, decision },
    },
    effects: [{ type: "fetch-head", requestId, since: { sequence, hash } }],
  };
}

function seal<Content>(
  state: SyncState<Content>,
  keyId: string,
  via: InFlight<Content>["via"],
): Step<Content> {
  const requestId = state.nextRequestId;
  const { record } = state;
  const content = record.local;
  const { sequence, hash } = record.synced;
  return {
    state: {
      ...state,
      nextRequestId: requestId + 1,
      activity: { type: "sealing", requestId, content, keyId, via },
    },
    effects: [
      {
        type: "seal",
        requestId,
        content,
        sequence: sequence + 1,
        parent: { sequence, hash },
        line: record.line,
        keys: via === "push" ? "current" : "next",
      },
    ],
  };
}

function changePassword<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  keyId: string,
): Step<Content> {
  const sending: SyncState<Content> = { ...state, passwordChange: "sending" };
  const carriesWallet =
    parts.rules.doesPasswordChangeCarryWallet && state.record.synced.sequence > 0;
  if (carriesWallet) {
    // Too large or paused: what is unpushed cannot be pushed now, and protocol 3 refuses the change.
    if (state.differs) return endPasswordChange(state, "not-now");
    return seal(sending, keyId, "password-change");
  }
  const requestId = state.nextRequestId;
  return {
    state: {
      ...sending,
      nextRequestId: requestId + 1,
      activity: { type: "changing-password", requestId },
    },
    effects: [{ type: "change-password", requestId, revision: null }],
  };
}

/** A push, from sealed bytes to the host's answer (SYNC-3, SYNC-4, SYNC-19). */
import { acceptInFlight, withoutInFlight } from "./accepting.ts";
import { considerHead, polling } from "./considering.ts";
import type { PushOutcome } from "./events.ts";
import { onRequestFailed, raiseProblem, working } from "./failing.ts";
import { isSameRevision } from "./revision.ts";
import type { SealedRevision } from "./revision.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { anySequence, quietly, withRecord } from "./state.ts";

/** The next revision is sealed: remember it; it is sent once it is on disk. */
export function onSealed<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  requestId: number,
  revision: SealedRevision,
): Step<Content> {
  const { activity, tooLarge } = state;
  if (activity.type !== "sealing" || activity.requestId !== requestId) return quietly(state);
  const { content, keyId, via } = activity;
  const idle: SyncState<Content> = { ...state, activity: { type: "idle" } };
  if (tooLarge !== null && via === "push" && revision.sizeBytes >= tooLarge.sizeBytes)
    return quietly({ ...idle, tooLarge: { ...tooLarge, content } });
  const next = withRecord(parts, idle, { inFlight: { revision, content, keyId, via } });
  return quietly({ ...next, inFlightVersion: next.disk.version });
}

/** The content could not be sealed: tried again later, like a request that failed. */
export function onSealFailed<Content>(state: SyncState<Content>, requestId: number): Step<Content> {
  const { activity } = state;
  if (activity.type !== "sealing" || activity.requestId !== requestId) return quietly(state);
  return onRequestFailed(state, { type: "not-sealed" });
}

/** The host answered a push, or nothing came back. */
export function onPushed<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  requestId: number,
  outcome: PushOutcome,
): Step<Content> {
  const { activity, record } = state;
  const { inFlight } = record;
  if (activity.type !== "pushing" || activity.requestId !== requestId || inFlight === null)
    return quietly(state);
  const idle: SyncState<Content> = { ...state, activity: { type: "idle" } };
  switch (outcome.type) {
    case "accepted": {
      const { stored } = outcome;
      if (stored !== undefined && !isSameRevision(stored, inFlight.revision))
        return raiseProblem(parts, idle, {
          name: "false-receipt",
          ours: { sequence: inFlight.revision.sequence, hash: inFlight.revision.hash },
          theirs: stored,
        });
      return polling(acceptInFlight(parts, idle));
    }
    case "conflict": {
      const refused = { ...idle, wasRefused: true };
      if (outcome.head !== undefined) return considerHead(parts, refused, outcome.head, null);
      return quietly({ ...refused, checkFor: anySequence, network: working(state.network) });
    }
    case "too-large":
      return quietly({
        ...withRecord(parts, idle, withoutInFlight(record)),
        tooLarge: { content: inFlight.content, sizeBytes: inFlight.revision.sizeBytes },
        network: working(state.network),
      });
    case "unreachable":
    case "busy":
    case "garbled":
    case "unauthorized":
      return onRequestFailed(state, outcome);
  }
}

/** One decision function: an event comes in, a new state and what is to be done go out. No clock, no chance, no I/O. */
import {
  onLocked,
  onPasswordChangeAnswered,
  onPasswordChangeWanted,
  onUnlocked,
} from "./access.ts";
import { onFetched } from "./considering.ts";
import { onEdited, onTakenOver } from "./editing.ts";
import type { SyncEvent } from "./events.ts";
import { offlineMs, refuseAccess, working } from "./failing.ts";
import { onOpened } from "./merging.ts";
import { startNext } from "./next-activity.ts";
import type { Decision } from "./problem.ts";
import { onPushed, onSealed, onSealFailed } from "./pushing.ts";
import { onSaveAgain, onSaved, onSaveFailed, saveIfChanged } from "./saving.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { anySequence, quietly, withRecord } from "./state.ts";

/** The next state and its effects. Same state and event, same step: the whole engine is this function. */
export function step<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  event: SyncEvent<Content>,
): Step<Content> {
  const handled = handle(parts, state, event);
  const saving = saveIfChanged(handled.state);
  const started = startNext(parts, saving.state);
  return {
    state: started.state,
    effects: [...handled.effects, ...saving.effects, ...started.effects],
  };
}

function handle<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  event: SyncEvent<Content>,
): Step<Content> {
  switch (event.type) {
    case "edited":
      return onEdited(parts, state, event);
    case "unlocked":
      return onUnlocked(state, event.keyId);
    case "locked":
      return onLocked(state);
    case "sync-wanted":
      return atOnce({
        ...state,
        rounds: 0,
        tooLarge: null,
        checkFor: anySequence,
        direction: event.direction ?? "both",
        overtakenBy: 0,
        mustPush: state.mustPush || event.evenIfSame === true,
      });
    case "decided":
      return onDecided(state, event.decision);
    case "first-sync-chosen":
      return quietly(withRecord(parts, state, { firstSync: event.choice }));
    case "taken-over":
      return quietly(onTakenOver(parts, state));
    case "password-change-wanted":
      return onPasswordChangeWanted(state);
    case "went-online":
      return atOnce({ ...state, checkFor: anySequence });
    case "went-offline":
      return onWentOffline(state);
    case "noticed":
      if (event.sequence <= state.record.synced.sequence) return quietly(state);
      return atOnce({ ...state, checkFor: Math.max(state.checkFor, event.sequence) });
    case "watching":
      return atOnce({ ...state, checkFor: anySequence });
    case "credentials-changed-elsewhere":
      return state.access.type === "open" ? refuseAccess(state) : quietly(state);
    case "timer-rang":
      if (event.timer === "save-again") return onSaveAgain(state);
      if (event.timer === "poll") return quietly({ ...state, checkFor: anySequence });
      return quietly({
        ...state,
        checkFor: state.network.isOnline ? state.checkFor : anySequence,
        network: { ...state.network, isOnline: true, isWaiting: false },
      });
    case "saved":
      return onSaved(state, event.requestId);
    case "save-failed":
      return onSaveFailed(state, event.requestId, event.reason);
    case "fetched":
      return onFetched(parts, state, event.requestId, event.outcome);
    case "opened":
      return onOpened(parts, state, event.requestId, event.outcome);
    case "sealed":
      return onSealed(parts, state, event.requestId, event.revision);
    case "seal-failed":
      return onSealFailed(state, event.requestId);
    case "pushed":
      return onPushed(parts, state, event.requestId, event.outcome);
    case "password-change-answered":
      return onPasswordChangeAnswered(parts, state, event.requestId, event.outcome);
  }
}

/** No more waiting: something makes another try worthwhile, whatever the platform thinks of its network (SYNC-18). */
function atOnce<Content>(state: SyncState<Content>): Step<Content> {
  return {
    state: { ...state, network: { ...working(state.network), isOnline: true } },
    effects: [{ type: "stop-timer", timer: "retry" }],
  };
}

/** No more tries for now; but platforms are wrong about their network at times, so not for ever. */
function onWentOffline<Content>(state: SyncState<Content>): Step<Content> {
  return {
    state: { ...state, hasArrived: true, network: { ...state.network, isOnline: false } },
    effects: [{ type: "start-timer", timer: "retry", ...offlineMs }],
  };
}

function onDecided<Content>(state: SyncState<Content>, decision: Decision): Step<Content> {
  if (state.record.problem === null) return quietly(state);
  return atOnce({ ...state, decision, look: null, rounds: 0 });
}

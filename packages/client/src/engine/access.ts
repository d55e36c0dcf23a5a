/** Keys come and go; the content stays (SYNC-14, SYNC-15, SYNC-23). */
import { acceptInFlight, withoutInFlight } from "./accepting.ts";
import { endPasswordChange, offlineMs, refuseAccess, working } from "./failing.ts";
import { polling } from "./considering.ts";
import type { PasswordChangeOutcome } from "./events.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { anySequence, quietly, withRecord } from "./state.ts";

/** The keys are there: look at the host first, then go on with whatever was under way. */
export function onUnlocked<Content>(state: SyncState<Content>, keyId: string): Step<Content> {
  return {
    state: {
      ...state,
      access: { type: "open", keyId },
      activity: { type: "idle" },
      checkFor: anySequence,
      hasArrived: !state.network.isOnline,
      rounds: 0,
      network: working(state.network),
    },
    effects: [
      state.network.isOnline
        ? { type: "stop-timer", timer: "retry" }
        : { type: "start-timer", timer: "retry", ...offlineMs },
    ],
  };
}

/** The person locks the wallet; edits so far stay, and go on when it is unlocked. */
export function onLocked<Content>(state: SyncState<Content>): Step<Content> {
  const refused = refuseAccess(state);
  return { ...refused, state: { ...refused.state, access: { type: "locked" } } };
}

/** Protocol 3 changes a password only after everything is pulled and pushed, so that is done first. */
export function onPasswordChangeWanted<Content>(state: SyncState<Content>): Step<Content> {
  const canStart =
    state.access.type === "open" && state.record.problem === null && state.network.isOnline;
  if (!canStart || state.passwordChange !== null)
    return { state, effects: [{ type: "password-change-ended", outcome: "not-now" }] };
  return {
    state: {
      ...state,
      passwordChange: "wanted",
      checkFor: anySequence,
      network: working(state.network),
    },
    effects: [{ type: "stop-timer", timer: "retry" }],
  };
}

/** How the password change went; when nobody knows, either password may be right, and a person must say. */
export function onPasswordChangeAnswered<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  requestId: number,
  outcome: PasswordChangeOutcome,
): Step<Content> {
  const { activity } = state;
  if (activity.type !== "changing-password" || activity.requestId !== requestId)
    return quietly(state);
  const ended = endPasswordChange(state, outcome.type);
  const idle: SyncState<Content> = { ...ended.state, activity: { type: "idle" } };
  switch (outcome.type) {
    case "changed": {
      const access = { type: "open", keyId: outcome.keyId } as const;
      const accepted = polling(acceptInFlight(parts, { ...idle, access }));
      return { ...accepted, effects: [...ended.effects, ...accepted.effects] };
    }
    case "conflict":
    case "refused":
    case "too-large":
      return {
        state: {
          ...withRecord(parts, idle, withoutInFlight(idle.record)),
          checkFor: anySequence,
          network: working(state.network),
        },
        effects: ended.effects,
      };
    case "unknown": {
      const refused = refuseAccess(idle);
      return { ...refused, effects: [...ended.effects, ...refused.effects] };
    }
  }
}

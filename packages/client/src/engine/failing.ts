/** Requests that came to nothing: never the end of a session, never a loss (SYNC-17); or keys that no longer open (SYNC-14). */
import { backoff } from "./backoff.ts";
import type { SyncEffect } from "./effects.ts";
import type { RequestFailure } from "./events.ts";
import type { Problem } from "./problem.ts";
import type { EngineParts, Network, Step, SyncState } from "./state.ts";
import { anySequence, withRecord } from "./state.ts";

const retryMs = { least: 1000, most: 300_000 };
/** How long to believe a platform that says there is no network. */
export const offlineMs = { leastMs: 60_000, mostMs: 300_000 };

/** Backs off, or asks for the password where that is what failed. */
export function onRequestFailed<Content>(
  state: SyncState<Content>,
  failure: RequestFailure | { readonly type: "not-sealed" },
): Step<Content> {
  if (failure.type === "unauthorized") return refuseAccess(state);
  const failures = state.network.failures + 1;
  const wait = backoff(failures, retryMs);
  const askedMs =
    failure.type === "busy" ? Math.min(Math.max(failure.retryAfterMs, 0), retryMs.most) : 0;
  const leastMs = Math.max(wait.leastMs, askedMs);
  const checking = state.activity.type === "checking" ? state.activity : null;
  const ended = endPasswordChange(state, "not-now");
  return {
    state: {
      ...ended.state,
      activity: { type: "idle" },
      checkFor: checking === null ? state.checkFor : anySequence,
      decision: state.decision ?? checking?.decision ?? null,
      hasArrived: true,
      network: { ...state.network, failures, isWaiting: true, lastFailure: failure.type },
    },
    effects: [
      ...ended.effects,
      { type: "start-timer", timer: "retry", leastMs, mostMs: Math.max(leastMs, wait.mostMs) },
    ],
  };
}

/** The network after an answer that made sense. */
export function working(network: Network): Network {
  return { ...network, failures: 0, isWaiting: false, lastFailure: null };
}

/** The host takes these keys no longer: forget them and ask a person. Everything local stays. */
export function refuseAccess<Content>(state: SyncState<Content>): Step<Content> {
  const ended = endPasswordChange(state, "not-now");
  return {
    state: {
      ...ended.state,
      access: { type: "refused" },
      activity: { type: "idle" },
      hasArrived: true,
    },
    effects: [
      ...ended.effects,
      { type: "forget-keys" },
      { type: "stop-timer", timer: "retry" },
      { type: "stop-timer", timer: "poll" },
    ],
  };
}

/** Names what the host did and stops; nothing of what it offered is taken (SYNC-10). */
export function raiseProblem<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  problem: Problem,
): Step<Content> {
  const ended = endPasswordChange(state, "not-now");
  const next = withRecord(parts, ended.state, { problem });
  return {
    state: {
      ...next,
      activity: { type: "idle" },
      checkFor: 0,
      wasRefused: false,
      hasArrived: true,
      network: working(state.network),
    },
    effects: [...ended.effects, { type: "stop-timer", timer: "poll" }],
  };
}

/** Tells whoever asked for a password change how it ended, if anybody did. */
export function endPasswordChange<Content>(
  state: SyncState<Content>,
  outcome: Extract<SyncEffect<Content>, { type: "password-change-ended" }>["outcome"],
): Step<Content> {
  if (state.passwordChange === null) return { state, effects: [] };
  return {
    state: { ...state, passwordChange: null },
    effects: [{ type: "password-change-ended", outcome }],
  };
}

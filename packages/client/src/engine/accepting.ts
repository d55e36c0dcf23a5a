/** The revision in flight: how it becomes the merge base, and how it is given up (SYNC-3, SYNC-5). */
import { working } from "./failing.ts";
import { extendLine } from "./line.ts";
import type { DeviceRecord } from "./record.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { withRecord } from "./state.ts";

/** The revision in flight is the newest one on the host: it is the base of what comes next. */
export function acceptInFlight<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
): Step<Content> {
  const { record } = state;
  const { inFlight } = record;
  if (inFlight === null) return { state, effects: [] };
  const { sequence, hash } = inFlight.revision;
  const isClimbing = record.climbTo > 0;
  const next = withRecord(parts, state, {
    synced: { sequence, hash, content: inFlight.content },
    inFlight: null,
    givenUp: [],
    line: extendLine(record.line, { sequence, hash }),
    highest: Math.max(record.highest, sequence),
    climbTo: sequence >= record.climbTo ? 0 : record.climbTo,
    problem: null,
  });
  return {
    state: {
      ...next,
      activity: { type: "idle" },
      checkFor: state.checkFor <= sequence ? 0 : state.checkFor,
      wasRefused: false,
      mustPush: false,
      hasArrived: true,
      rounds: isClimbing ? state.rounds : state.rounds + 1,
      tooLarge: null,
      network: working(state.network),
    },
    effects: [],
  };
}

/** A host that lies about more pushes in a row than this makes removals come back, and nothing worse. */
const maxGivenUp = 4;

/**
 * Gives up the revision in flight. It stays in the line, because its content is part of ours: should the host turn out
 * to have it after all, it is an ancestor and nothing new. And its content is kept, as the base of what others may make
 * of it.
 */
export function withoutInFlight<Content>(
  record: DeviceRecord<Content>,
): Pick<DeviceRecord<Content>, "inFlight" | "givenUp" | "line"> {
  const { inFlight, givenUp, line } = record;
  if (inFlight === null) return { inFlight, givenUp, line };
  const { sequence, hash } = inFlight.revision;
  return {
    inFlight: null,
    givenUp: [...givenUp, { sequence, hash, content: inFlight.content }].slice(-maxGivenUp),
    line: extendLine(line, { sequence, hash }),
  };
}

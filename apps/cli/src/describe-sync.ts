import type { PullOutcome, SyncDaemonOutcome, Synced } from "@holdfast/client";
import { needsDecision } from "./describe-conflict.ts";
import type { JsonFields } from "./terminal/json-output.ts";

export interface Description {
  readonly lines: readonly string[];
  readonly json: JsonFields;
}

type SuccessfulPull = Extract<
  PullOutcome,
  { readonly type: "pulled" | "up-to-date" | "no-remote-wallet" }
>;

export function isPullDone(outcome: PullOutcome): outcome is SuccessfulPull {
  return ["pulled", "up-to-date", "no-remote-wallet"].includes(outcome.type);
}

/** What a pull did, for people and for scripts. */
export function describePull(outcome: SuccessfulPull): Description {
  const { openConflicts: conflicts } = outcome;
  const remarks = [
    ...(outcome.hasLocalChanges ? [changesToPush] : []),
    ...needsDecision(conflicts),
  ];
  switch (outcome.type) {
    case "pulled": {
      const how =
        outcome.how === "merged"
          ? "Merging local changes with remote changes."
          : "Nothing to merge. Taking remote wallet state.";
      return {
        lines: [how, `Pulled revision ${outcome.sequence}.`, ...remarks],
        json: {
          sequence: outcome.sequence,
          how: outcome.how,
          localChanges: outcome.hasLocalChanges,
          conflicts,
        },
      };
    }
    case "up-to-date":
      return {
        lines: [`Already up to date with revision ${outcome.sequence}.`, ...remarks],
        json: {
          sequence: outcome.sequence,
          how: "up-to-date",
          localChanges: outcome.hasLocalChanges,
          conflicts,
        },
      };
    case "no-remote-wallet":
      return {
        lines: ["The host has no wallet yet.", ...remarks],
        json: {
          sequence: 0,
          how: "no-remote-wallet",
          localChanges: outcome.hasLocalChanges,
          conflicts,
        },
      };
  }
}

const changesToPush =
  "This device has changes that the host does not have: `holdfast push` sends them.";

/** What a sync did, for people and for scripts. */
export function describeSync(outcome: Synced): Description {
  const { sequence, pulled, merged, pushed, openConflicts: conflicts } = outcome;
  return {
    lines: [syncSentence(outcome), ...needsDecision(conflicts)],
    json: { sequence, pulled, merged, pushed, conflicts },
  };
}

function syncSentence({ sequence, pulled, merged, pushed }: Synced): string {
  if (sequence === 0) return "Neither this device nor the host has a wallet yet.";
  if (merged && pushed)
    return `Merged local changes with remote changes and pushed revision ${sequence}.`;
  if (merged) return `Merged remote changes of revision ${sequence}.`;
  if (pushed) return `Pushed local changes as revision ${sequence}.`;
  if (pulled) return `Took revision ${sequence} from the host.`;
  return `Already in sync at revision ${sequence}.`;
}

type SyncedDaemon = Extract<SyncDaemonOutcome, { readonly type: "daemon-synced" }>;

/** What a sync with a daemon did, for people and for scripts. */
export function describeDaemonSync(outcome: SyncedDaemon): Description {
  const { sequence, applied, pushed, hash } = outcome;
  return { lines: [daemonSentence(outcome)], json: { sequence, applied, pushed, hash } };
}

function daemonSentence({ sequence, applied, pushed }: SyncedDaemon): string {
  if (applied && pushed)
    return `Merged the daemon's wallet with the host's; both have revision ${sequence}.`;
  if (applied) return `Brought revision ${sequence} from the host into the daemon's wallet.`;
  if (pushed) return `Pushed the daemon's changes as revision ${sequence}.`;
  return `The daemon and the host already agree on revision ${sequence}.`;
}

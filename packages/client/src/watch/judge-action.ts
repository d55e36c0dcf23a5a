/**
 * What an action's outcome means for a watch that goes on by itself (P3C-42): whatever time may mend is tried again,
 * a dead token is replaced once, everything else waits for a person.
 */
const verdicts: Readonly<Record<string, "fine" | "retry" | "log-in">> = {
  pulled: "fine",
  "up-to-date": "fine",
  "no-remote-wallet": "fine",
  synced: "fine",
  "daemon-synced": "fine",
  "logged-in": "fine",
  unreachable: "retry",
  "host-failed": "retry",
  "host-refused": "retry",
  "rate-limited": "retry",
  "storage-full": "retry",
  "profile-in-use": "retry",
  unsettled: "retry",
  "daemon-unreachable": "retry",
  "not-logged-in": "log-in",
  "session-ended": "log-in",
};

export function judgeAction(outcome: {
  readonly type: string;
}): "fine" | "retry" | "log-in" | "person" {
  if (isChangedMeanwhile(outcome)) return "retry";
  return Object.hasOwn(verdicts, outcome.type) ? (verdicts[outcome.type] ?? "person") : "person";
}

/** Another program was writing the wallet file at that moment. */
function isChangedMeanwhile(outcome: { readonly type: string }): boolean {
  return "reason" in outcome && outcome.reason === "changed-meanwhile";
}

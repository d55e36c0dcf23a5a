import type { SyncState } from "@holdfast/client/engine";

/** In words: what a device made of an answer that was a lie. */
export function reactionTo(before: SyncState<unknown>, after: SyncState<unknown>): string {
  const { problem } = after.record;
  if (problem !== null && problem !== before.record.problem) return `reported as ${problem.name}`;
  if (after.access.type === "refused") return "asks for the password";
  if (after.tooLarge !== null && after.tooLarge !== before.tooLarge) return "says it is too large";
  if (after.network.isWaiting && !before.network.isWaiting) return "tries again later";
  if (after.passwordChange !== before.passwordChange) return "the password stays";
  if (after.record.synced === before.record.synced) return "nothing changes";
  const { activity } = before;
  if ("decision" in activity && activity.decision !== null && activity.decision !== "try-again")
    return "done as a person decided";
  const wasPush = before.record.inFlight !== null && after.record.inFlight === null;
  return wasPush && before.activity.type === "pushing" ? "believed for now" : "a true revision";
}

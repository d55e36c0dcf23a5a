/**
 * A device's record of protocol 3, taken over into protocol 4 (P4K-65). The wallet of protocol 4 begins anew at revision 1 and
 * says which revision of protocol 3 it continues; what this device has synced of that is still its merge base, so that
 * nothing that was edited here meanwhile is lost, and nothing counts as deleted.
 */
import { type DeviceRecord, newDeviceRecord, type RevisionRef } from "../../engine/index.ts";

export type ContinueOutcome<Content> =
  | { readonly type: "continued"; readonly record: DeviceRecord<Content> }
  /** the upgrade was made from an older wallet than this device has seen */
  | { readonly type: "rollback"; readonly ours: RevisionRef }
  /** the upgrade was made from another wallet than this device has seen */
  | { readonly type: "fork"; readonly ours: RevisionRef };

/** `upgradedFrom`: null where the account had no wallet before the upgrade. */
export function continueRecord<Content>(
  record: DeviceRecord<Content>,
  empty: Content,
  upgradedFrom: RevisionRef | null,
): ContinueOutcome<Content> {
  const { synced, inFlight, local } = record;
  const from = upgradedFrom ?? { sequence: 0, hash: "" };
  const landed = inFlight?.revision;
  const hasLanded = landed?.sequence === from.sequence && landed.hash === from.hash;
  if (!hasLanded && from.sequence < synced.sequence)
    return { type: "rollback", ours: { sequence: synced.sequence, hash: synced.hash } };
  if (!hasLanded && from.sequence === synced.sequence && from.hash !== synced.hash)
    return { type: "fork", ours: { sequence: synced.sequence, hash: synced.hash } };
  // A push whose fate is unknown, and that the upgrade does not name, leaves the older base: nothing counts as deleted.
  const base = hasLanded && inFlight !== null ? inFlight.content : synced.content;
  const fresh = newDeviceRecord(empty, local);
  return { type: "continued", record: { ...fresh, synced: { ...fresh.synced, content: base } } };
}

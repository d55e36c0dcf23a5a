/**
 * A device's record of protocol 3, taken over into protocol 4 (P4K-65). The wallet of protocol 4 begins anew at revision 1 and
 * says which revision of protocol 3 it continues; what this device has synced of that is still its merge base, so that
 * nothing that was edited here meanwhile is lost, and nothing counts as deleted.
 */
import { newDeviceRecord } from "./record.ts";
import type { DeviceRecord } from "./record.ts";
import { noRevision } from "./revision.ts";
import type { RevisionRef } from "./revision.ts";

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
  const base = hasLanded && inFlight !== null ? inFlight.content : synced.content;
  // Others went on from there or past it, and nothing tells any more which: it may be the base as well (SYNC-6).
  const isUnknown = !hasLanded && landed !== undefined && landed.sequence < from.sequence;
  const unknown = isUnknown ? [{ ...noRevision, content: inFlight?.content ?? empty }] : [];
  const givenUp = [...untold(record), ...unknown];
  const fresh = newDeviceRecord(empty, local);
  const continued = { ...fresh, synced: { ...fresh.synced, content: base }, givenUp };
  return { type: "continued", record: continued };
}

/**
 * The record of a wallet that this account has not synced as its own yet. One that was continued already keeps its merge base:
 * it may have died before its device spoke protocol 4.
 */
export function beginAnew<Content>(
  record: DeviceRecord<Content>,
  empty: Content,
): DeviceRecord<Content> {
  const fresh = newDeviceRecord(empty, record.local);
  if (record.synced.sequence > 0) return fresh;
  return { ...fresh, synced: record.synced, givenUp: untold(record) };
}

function untold<Content>({ givenUp }: DeviceRecord<Content>): DeviceRecord<Content>["givenUp"] {
  return givenUp.filter(({ sequence }) => sequence === 0);
}

/**
 * What a device remembers. One record, always written whole, so that a crash leaves the old one or the new one and
 * never a mixture; nothing is sent before the record it relies on is on disk (SYNC-1, SYNC-2).
 */
import type { Line } from "./line.ts";
import type { Problem } from "./problem.ts";
import { noRevision } from "./revision.ts";
import type { RevisionRef, SealedRevision } from "./revision.ts";

/** A revision and what is inside: a merge base. */
export type KnownRevision<Content> = RevisionRef & { readonly content: Content };

/** The exact bytes being pushed, kept until their fate is known. */
export type InFlight<Content> = {
  readonly revision: SealedRevision;
  readonly content: Content;
  /** the keys it was sealed under; bytes under forgotten keys are never sent again */
  readonly keyId: string;
  /** `password-change` needs the old password and is never repeated by the engine itself */
  readonly via: "push" | "password-change";
};

/** How a device's own wallet and the host's meet the first time (SYNC-16). */
export type FirstSync = "merge" | "keep-mine" | "take-theirs";

export type DeviceRecord<Content> = {
  /** the last revision known to be on the host: the merge base; sequence 0 before the first */
  readonly synced: KnownRevision<Content>;
  /** the content as the person sees it */
  readonly local: Content;
  readonly inFlight: InFlight<Content> | null;
  /**
   * pushed on top of `synced` and refused, newest last: should the host have one nevertheless, it is the base (SYNC-6);
   * sequence 0: pushed over protocol 3, and nobody can tell any more whether the upgraded wallet came after it
   */
  readonly givenUp: readonly KnownRevision<Content>[];
  /** revisions whose content is part of `synced`, oldest first */
  readonly line: Line;
  /** the highest security state seen; 0 in protocol 3 */
  readonly epoch: number;
  /** of all authentic revisions seen: other devices may have seen it too, and expect no lower one */
  readonly highest: number;
  /** a restored host is being brought up to this sequence; 0: no */
  readonly climbTo: number;
  /** stops automatic sync until the person decides */
  readonly problem: Problem | null;
  readonly firstSync: FirstSync;
};

/** The record of a device that never synced and has this content of its own. */
export function newDeviceRecord<Content>(empty: Content, local: Content): DeviceRecord<Content> {
  return {
    synced: { ...noRevision, content: empty },
    local,
    inFlight: null,
    givenUp: [],
    line: [],
    epoch: 0,
    highest: 0,
    climbTo: 0,
    problem: null,
    firstSync: "merge",
  };
}

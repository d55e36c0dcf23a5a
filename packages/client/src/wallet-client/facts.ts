/**
 * What the leader knows and its followers show: how things stand, without the wallet itself. It crosses from tab to tab,
 * so it is plain data with a schema.
 */
import { z } from "zod";
import type { SyncState } from "../engine/index.ts";

const ref = z.object({ sequence: z.int().min(0), hash: z.string() });

export const factsSchema = z.object({
  /** `refused`: the host no longer takes the keys */
  access: z.enum(["locked", "open", "refused"]),
  /** whose wallet it is; empty: nobody's yet */
  owner: z.string(),
  activity: z.enum(["idle", "checking", "merging", "pushing", "changing-password"]),
  network: z.enum(["ok", "offline", "unreachable", "busy", "garbled", "not-sealed"]),
  disk: z.enum(["saved", "saving", "disk-full", "disk-failed", "not-leader"]),
  /** the newest revision known to be on the host; 0: none */
  sequence: z.int().min(0),
  /** something here is not on the host yet */
  isUnpushed: z.boolean(),
  /** devices kept correcting each other, so pushing waits for a person's edit or sync (SYNC-22) */
  isPaused: z.boolean(),
  /** the sealed size of what the host refused as too large */
  tooLargeBytes: z.int().nullable(),
  problem: z
    .object({
      name: z.enum([
        "rolled-back",
        "forked",
        "not-authentic",
        "broken-chain",
        "old-epoch",
        "undecodable",
        "false-receipt",
      ]),
      ours: ref,
      theirs: ref,
    })
    .nullable(),
  /** the person decided what to do about the problem, and it is being done */
  isDeciding: z.boolean(),
  hasHistory: z.boolean(),
  /** a defect ended the work; what was saved is safe */
  isBroken: z.boolean(),
});

export type Facts = Readonly<z.output<typeof factsSchema>>;

type Beside = Pick<Facts, "owner" | "hasHistory" | "isBroken">;

/** The facts of an engine's state and of what stands beside it. */
export function factsOf<Content>(state: SyncState<Content>, beside: Beside): Facts {
  const { access, disk, network, record, tooLarge } = state;
  const activity = activityOf(state);
  const isTooLarge = tooLarge !== null && tooLarge.content === record.local;
  return {
    ...beside,
    access: access.type,
    activity,
    network: networkOf(network),
    disk: disk.failure ?? (disk.savedVersion === disk.version ? "saved" : "saving"),
    sequence: record.synced.sequence,
    isUnpushed: state.differs || record.inFlight !== null,
    isPaused:
      access.type === "open" &&
      activity === "idle" &&
      networkOf(network) === "ok" &&
      record.problem === null &&
      record.inFlight === null &&
      state.differs &&
      !isTooLarge,
    tooLargeBytes: isTooLarge ? tooLarge.sizeBytes : null,
    problem: record.problem,
    isDeciding:
      state.decision !== null ||
      ((state.activity.type === "checking" || state.activity.type === "opening") &&
        state.activity.decision !== null),
  };
}

function activityOf<Content>({ activity }: SyncState<Content>): Facts["activity"] {
  switch (activity.type) {
    case "idle":
    case "checking":
    case "changing-password":
      return activity.type;
    case "opening":
      return "merging";
    case "sealing":
    case "pushing":
      return "pushing";
  }
}

function networkOf({ isOnline, isWaiting, lastFailure }: SyncState<unknown>["network"]) {
  if (!isOnline) return "offline";
  return isWaiting && lastFailure !== null ? lastFailure : "ok";
}

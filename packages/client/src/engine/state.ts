import type { ContentFormat } from "./content-format.ts";
import type { ReportedHead, SaveFailure, SyncDirection } from "./events.ts";
import type { Decision } from "./problem.ts";
import type { ProtocolRules } from "./protocol-rules.ts";
import type { DeviceRecord, InFlight } from "./record.ts";
import type { SyncEffect } from "./effects.ts";

/** The one request under way; everything else waits for its answer. */
type Activity<Content> =
  | { readonly type: "idle" }
  /** `decision`: what to do with the head, should the person change their mind meanwhile */
  | {
      readonly type: "checking";
      readonly requestId: number;
      readonly decision: Decision | null;
    }
  | {
      readonly type: "opening";
      readonly requestId: number;
      readonly head: ReportedHead;
      readonly decision: Decision | null;
    }
  | {
      readonly type: "sealing";
      readonly requestId: number;
      readonly content: Content;
      readonly keyId: string;
      readonly via: InFlight<Content>["via"];
    }
  | { readonly type: "pushing"; readonly requestId: number }
  | { readonly type: "changing-password"; readonly requestId: number };

type Access =
  | { readonly type: "locked" }
  | { readonly type: "open"; readonly keyId: string }
  /** the host no longer accepts the keys: a person must give the password, phrase or pairing (SYNC-14) */
  | { readonly type: "refused" };

/** How the record in memory relates to the one on disk. */
type Disk = {
  /** counts changes of the record in memory */
  readonly version: number;
  readonly savedVersion: number;
  readonly writing: { readonly requestId: number; readonly version: number } | null;
  readonly failure: SaveFailure | null;
  readonly failures: number;
};

export type Network = {
  readonly isOnline: boolean;
  /** requests failed in a row */
  readonly failures: number;
  /** until the retry timer rings */
  readonly isWaiting: boolean;
  /** why the last request failed; null: it did not */
  readonly lastFailure: "unreachable" | "busy" | "garbled" | "not-sealed" | null;
};

type UnsavedEdit = { readonly editId: number; readonly version: number };

/** What the person was shown of the host's revision, without applying it. */
type Look<Content> =
  | { readonly type: "content"; readonly content: Content }
  | { readonly type: "unreadable" }
  | { readonly type: "none" };

/** A device in memory. Only `record` survives a crash. */
export type SyncState<Content> = {
  readonly record: DeviceRecord<Content>;
  /** what people see: own edits at once, everything else when it is on disk (SYNC-2) */
  readonly view: Content;
  /** whether `local` and `synced` differ in meaning */
  readonly differs: boolean;
  readonly disk: Disk;
  readonly unsavedEdits: readonly UnsavedEdit[];
  readonly access: Access;
  readonly network: Network;
  readonly activity: Activity<Content>;
  /** the host should be asked: a notice named this sequence, or more; 0: no need */
  readonly checkFor: number;
  readonly direction: SyncDirection;
  /** the newer revision that a one-way push found and left alone; 0: none */
  readonly overtakenBy: number;
  /** a push was asked for, changed or not */
  readonly mustPush: boolean;
  /** the host refused a push without saying what it has: the next head must be a newer one */
  readonly wasRefused: boolean;
  /** the disk's version that first holds the revision in flight */
  readonly inFlightVersion: number;
  /** what the person wants done about the problem, as soon as the host can be asked */
  readonly decision: Decision | null;
  readonly look: Look<Content> | null;
  /** the first check since unlocking came to something, if only to "offline" (SYNC-15) */
  readonly hasArrived: boolean;
  /** pushes accepted since a person last edited (SYNC-22) */
  readonly rounds: number;
  /** the content that was refused as too large, and its sealed size (SYNC-19) */
  readonly tooLarge: { readonly content: Content; readonly sizeBytes: number } | null;
  /** a password change waits until everything is pushed, then is sent (SYNC-23) */
  readonly passwordChange: "wanted" | "sending" | null;
  readonly nextRequestId: number;
};

/** What came of an event. */
export type Step<Content> = {
  readonly state: SyncState<Content>;
  readonly effects: readonly SyncEffect<Content>[];
};

/** What an engine is made of. */
export type EngineParts<Content> = {
  readonly format: ContentFormat<Content>;
  readonly rules: ProtocolRules;
};

/** Asks the host whatever it last announced. */
export const anySequence = Number.MAX_SAFE_INTEGER;

/** The state after a start: what was on disk, locked, nothing under way. */
export function startState<Content>(
  { format }: EngineParts<Content>,
  record: DeviceRecord<Content>,
): SyncState<Content> {
  return {
    record,
    view: record.local,
    differs: !format.equal(record.local, record.synced.content),
    disk: { version: 0, savedVersion: 0, writing: null, failure: null, failures: 0 },
    unsavedEdits: [],
    access: { type: "locked" },
    network: { isOnline: true, failures: 0, isWaiting: false, lastFailure: null },
    activity: { type: "idle" },
    checkFor: 0,
    direction: "both",
    overtakenBy: 0,
    mustPush: false,
    wasRefused: false,
    inFlightVersion: 0,
    decision: null,
    look: null,
    hasArrived: false,
    rounds: 0,
    tooLarge: null,
    passwordChange: null,
    nextRequestId: 1,
  };
}

/** Puts other things into the record; the next save takes them to disk. */
export function withRecord<Content>(
  { format }: EngineParts<Content>,
  state: SyncState<Content>,
  patch: Partial<DeviceRecord<Content>>,
): SyncState<Content> {
  const record = { ...state.record, ...patch };
  return {
    ...state,
    record,
    differs: !format.equal(record.local, record.synced.content),
    disk: { ...state.disk, version: state.disk.version + 1 },
  };
}

/** A step that asks for nothing. */
export function quietly<Content>(state: SyncState<Content>): Step<Content> {
  return { state, effects: [] };
}

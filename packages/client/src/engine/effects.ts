/** Everything the engine asks of its surroundings. Each request is answered by the event with the same `requestId`. */
import type { PasswordChangeOutcome, ReportedHead, SaveFailure, TimerName } from "./events.ts";
import type { Line } from "./line.ts";
import type { DeviceRecord } from "./record.ts";
import type { RevisionRef, SealedRevision } from "./revision.ts";

export type SyncEffect<Content> =
  /** Replace the record on disk, whole and durably; answered by `saved` or `save-failed`. */
  | { readonly type: "save"; readonly requestId: number; readonly record: DeviceRecord<Content> }
  /** Ask the host for its newest revision, and for proof that it follows `since`; answered by `fetched`. */
  | { readonly type: "fetch-head"; readonly requestId: number; readonly since: RevisionRef }
  /** Verify and decrypt; answered by `opened`. */
  | {
      readonly type: "open";
      readonly requestId: number;
      readonly head: ReportedHead;
      readonly since: RevisionRef;
    }
  /** Encrypt as this sequence, after this parent; answered by `sealed`. */
  | {
      readonly type: "seal";
      readonly requestId: number;
      readonly content: Content;
      readonly sequence: number;
      readonly parent: RevisionRef;
      readonly line: Line;
      /** `next`: under the keys of the password that is about to be set */
      readonly keys: "current" | "next";
    }
  /** Send these bytes; answered by `pushed`. */
  | { readonly type: "push"; readonly requestId: number; readonly revision: SealedRevision }
  /** Change the password, together with the wallet if there is one; answered by `password-change-answered`. */
  | {
      readonly type: "change-password";
      readonly requestId: number;
      readonly revision: SealedRevision | null;
    }
  /** Wipe keys and token from memory. */
  | { readonly type: "forget-keys" }
  /** Ring after a time between the two, chosen at random; replaces a running timer of the same name. */
  | {
      readonly type: "start-timer";
      readonly timer: TimerName;
      readonly leastMs: number;
      readonly mostMs: number;
    }
  | { readonly type: "stop-timer"; readonly timer: TimerName }
  // what an app's call comes to
  | { readonly type: "edit-saved"; readonly editId: number }
  /** It is kept in memory and will be saved when the disk allows. */
  | { readonly type: "edit-not-saved"; readonly editId: number; readonly reason: SaveFailure }
  | {
      readonly type: "password-change-ended";
      readonly outcome: PasswordChangeOutcome["type"] | "not-now";
    };

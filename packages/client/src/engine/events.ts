/**
 * Everything that can happen to a device, as the engine hears it. Answers carry the id of the request they answer;
 * the engine ignores an answer it is not waiting for, so that late and repeated ones do no harm (SYNC-24).
 */
import type { Line } from "./line.ts";
import type { Decision, ProblemName } from "./problem.ts";
import type { FirstSync } from "./record.ts";
import type { RevisionRef, SealedRevision } from "./revision.ts";

/** No usable answer came, or one that is no answer to the question. */
export type RequestFailure =
  /** nobody knows whether the host acted on the request */
  | { readonly type: "unreachable" }
  /** the host is there and asks to come back later (429, 503) */
  | { readonly type: "busy"; readonly retryAfterMs: number }
  /** not this protocol: another server, a captive portal, or nonsense */
  | { readonly type: "garbled" }
  /** the token or the keys are no longer good */
  | { readonly type: "unauthorized" };

/** The newest revision as the host tells it, with whatever its transport needs to prove it (headers, states). */
export type ReportedHead = { readonly revision: SealedRevision; readonly proof?: unknown };

export type FetchOutcome =
  | { readonly type: "head"; readonly head: ReportedHead }
  /** the account has no wallet */
  | { readonly type: "empty" }
  /** what the host shows is refused before any of it is opened; `theirs`: what it offers, as far as it can be told */
  | {
      readonly type: "rejected";
      readonly problem: ProblemName;
      readonly theirs: RevisionRef;
    }
  | RequestFailure;

export type OpenOutcome<Content> =
  | {
      readonly type: "opened";
      readonly content: Content;
      readonly line: Line;
      /** the security state it was written under; 0 in protocol 3 */
      readonly epoch: number;
    }
  | {
      readonly type: "rejected";
      readonly problem: Extract<
        ProblemName,
        "rolled-back" | "not-authentic" | "broken-chain" | "old-epoch" | "undecodable" | "forked"
      >;
    };

export type PushOutcome =
  /** `stored`: what the host says it stored, where the protocol tells */
  | { readonly type: "accepted"; readonly stored?: RevisionRef }
  /** something else is the newest revision; `head` where the host tells */
  | { readonly type: "conflict"; readonly head?: ReportedHead }
  | { readonly type: "too-large" }
  | RequestFailure;

export type PasswordChangeOutcome =
  | { readonly type: "changed"; readonly keyId: string }
  /** the host's wallet is not the one the change was based on */
  | { readonly type: "conflict" }
  /** refused for good: wrong old password, same password, … */
  | { readonly type: "refused" }
  | { readonly type: "too-large" }
  /** the answer was lost: either password may be the right one now */
  | { readonly type: "unknown" };

/** Why a record did not reach the disk. */
export type SaveFailure = "disk-full" | "disk-failed" | "not-leader";

/** `pull`: take, and hold back own changes. `push`: send, and hold back when the host has something newer. */
export type SyncDirection = "both" | "pull" | "push";

export type TimerName = "retry" | "poll" | "save-again";

export type SyncEvent<Content> =
  // the person, or the app for them
  | { readonly type: "edited"; readonly editId: number; readonly content: Content }
  /** an edit made on an older view, for instance in another tab: `from` is what its maker saw */
  | {
      readonly type: "edited";
      readonly editId: number;
      readonly content: Content;
      readonly from: Content;
    }
  | { readonly type: "unlocked"; readonly keyId: string }
  | { readonly type: "locked" }
  /** on demand; `evenIfSame` pushes a revision without a change; `direction`, both ways unless told, holds until the next one */
  | {
      readonly type: "sync-wanted";
      readonly evenIfSame?: boolean;
      readonly direction?: SyncDirection;
    }
  | { readonly type: "decided"; readonly decision: Decision }
  | { readonly type: "first-sync-chosen"; readonly choice: FirstSync }
  /** the wallet becomes another account's: a content that never synced; only while locked */
  | { readonly type: "taken-over" }
  | { readonly type: "password-change-wanted" }
  // the surroundings
  | { readonly type: "went-online" }
  | { readonly type: "went-offline" }
  /** the host announced a revision; a hint, never believed */
  | { readonly type: "noticed"; readonly sequence: number }
  /** notices may have been missed: a socket was opened (again) */
  | { readonly type: "watching" }
  | { readonly type: "credentials-changed-elsewhere" }
  | { readonly type: "timer-rang"; readonly timer: TimerName }
  // answers
  | { readonly type: "saved"; readonly requestId: number }
  | { readonly type: "save-failed"; readonly requestId: number; readonly reason: SaveFailure }
  | { readonly type: "fetched"; readonly requestId: number; readonly outcome: FetchOutcome }
  | { readonly type: "opened"; readonly requestId: number; readonly outcome: OpenOutcome<Content> }
  | { readonly type: "sealed"; readonly requestId: number; readonly revision: SealedRevision }
  | { readonly type: "seal-failed"; readonly requestId: number }
  | { readonly type: "pushed"; readonly requestId: number; readonly outcome: PushOutcome }
  | {
      readonly type: "password-change-answered";
      readonly requestId: number;
      readonly outcome: PasswordChangeOutcome;
    };

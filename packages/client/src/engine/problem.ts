import type { RevisionRef } from "./revision.ts";

/** What a host did that no honest and intact host does (SYNC-10). */
export type ProblemName =
  /** an older revision than this device has seen, or none at all: lied about, or restored from a backup */
  | "rolled-back"
  /** another revision in the place of one this device has seen */
  | "forked"
  /** the HMAC or signature is wrong: not written with this account's keys */
  | "not-authentic"
  /** the headers do not link to the revision this device knows */
  | "broken-chain"
  /** an older security state than this device has seen */
  | "old-epoch"
  /** authentic, and yet no wallet is inside */
  | "undecodable"
  /** accepted a push and answered with another revision than the one sent */
  | "false-receipt";

export type Problem = {
  readonly name: ProblemName;
  /** the newest revision this device knows */
  readonly ours: RevisionRef;
  /** what the host offered */
  readonly theirs: RevisionRef;
};

/**
 * What a person can have done about a problem. `try-again`: look once more. `look`: show theirs, apply nothing.
 * `keep-mine`: mine on top, theirs only in its keys. `heal`: bring host and device together, deleting nothing.
 */
export type Decision = "try-again" | "look" | "keep-mine" | "heal";

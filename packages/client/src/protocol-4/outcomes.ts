/** What can come of talking to a host of protocol 4, beside what an operation has of its own. Nothing here is an exception. */
import type { ProblemCode4 } from "@holdfast/protocol/protocol-4";
import type { NoAnswer } from "../http/send-json.ts";

export type HostFault4 =
  // what came is not this protocol
  | "malformed-answer"
  | "answer-too-large"
  | "redirect"
  // what came is of this protocol, and no honest and intact host says it (P4K-20)
  /** an older state or revision than this device has seen, or none at all: lied about, or restored from a backup */
  | "rollback"
  /** another history than the one this device has seen */
  | "fork"
  /** the history has a gap, or does not reach what this device has seen */
  | "missing-link"
  /** not signed by whom it must be, or not well-formed */
  | "forged"
  /** signed, but changes what no state may change */
  | "unlawful"
  /** of another account */
  | "wrong-account"
  /** made for another host */
  | "wrong-host"
  /** a key slot that the account's newest state does not name, or that is not there */
  | "wrong-slot"
  /** a keyring that the account's newest state does not name, or that does not belong to it */
  | "wrong-keyring"
  /** accepted, and answered with something else than what was sent */
  | "false-receipt";

/** What the host answered cannot be honest or is not this protocol. Nothing on this device changed. */
export type HostMisbehaves4 = {
  readonly type: "host-misbehaves";
  readonly fault: HostFault4;
  readonly detail: string;
};

/** The host said it cannot at the moment (5xx). */
export type HostFailed4 = { readonly type: "host-failed"; readonly status: number };

/** The host understood and refused in a way that has no outcome of its own; `code` null: in words of another protocol. */
export type HostRefused4 = {
  readonly type: "host-refused";
  readonly status: number;
  readonly code: ProblemCode4 | null;
  readonly detail: string;
};

export type RateLimited4 = {
  readonly type: "rate-limited";
  readonly retryAfterSeconds: number | null;
};

/** The host keeps no more for this account: nothing was stored, and older revisions make room in time (P4-66). */
export type StorageFull4 = {
  readonly type: "storage-full";
  /** what it keeps; null: it does not say */
  readonly maxBytes: number | null;
};

export type HostFailure4 = NoAnswer | HostMisbehaves4 | HostFailed4 | HostRefused4 | RateLimited4;

/** The session is over, or there never was one: log in. */
export type SessionEnded4 = { readonly type: "session-ended" };

/** The account's keys are not open on this device: unlock, or log in. */
export type Locked = { readonly type: "locked" };

/** The account asks for a newer version of this program. */
export type UnsupportedVersion = {
  readonly type: "unsupported-version";
  readonly minVersion: number;
};

/** Another device changed the credentials; this one forgot its keys and waits for the password, the phrase or a pairing (P4K-25). */
export type CredentialsChanged = { readonly type: "credentials-changed" };

export function misbehaves(fault: HostFault4, detail: string): HostMisbehaves4 {
  return { type: "host-misbehaves", fault, detail };
}

/** Failures that many operations share. */
import type { HostFault4 } from "../protocol-4/outcomes.ts";

/** Nobody registered or logged in with this profile yet. */
export type NoProfile = { readonly type: "no-profile" };

/** Another process (or another call) kept the profile longer than this one was willing to wait. */
export type ProfileInUse = { readonly type: "profile-in-use" };

/** The profile's file exists and cannot be understood; nothing was touched. */
export type ProfileDamaged = {
  readonly type: "profile-damaged";
  readonly location: string;
  readonly detail: string;
};

/** The wallet on this device cannot be read or written; `detail` says why, without its content. */
export type LocalWalletUnusable = {
  readonly type: "local-wallet-unusable";
  readonly reason:
    | "missing"
    | "malformed"
    | "newer-version"
    | "locked"
    | "changed-meanwhile"
    /** another account left it in the profile: `takeOverWallet` merges it into this one */
    | "another-account";
  readonly location: string;
  readonly detail: string;
};

/** The profile's account is one of the other protocol, which this call is not about. */
export type OtherProtocol = { readonly type: "other-protocol"; readonly protocol: 3 | 4 };

export type LocalFailure = ProfileInUse | ProfileDamaged | OtherProtocol;
export type WalletFailure = LocalFailure | NoProfile | LocalWalletUnusable;

/** The address of the host cannot be used; `plain-http` may be allowed by the person. */
export type ServerRefused = {
  readonly type: "server-refused";
  readonly reason: "malformed" | "plain-http" | "unsupported";
  readonly detail: string;
};

/** No usable answer came; whether the host acted on the request is unknown. */
export type Unreachable = {
  readonly type: "unreachable";
  readonly reason: "network" | "timeout" | "stopped";
  readonly detail: string;
};

/** The host said it cannot at the moment (5xx). */
export type HostFailed = {
  readonly type: "host-failed";
  readonly status: number;
  readonly detail: string;
};

/** The host understood and refused (4xx) in a way that has no outcome of its own. */
export type HostRefused = {
  readonly type: "host-refused";
  readonly status: number;
  readonly detail: string;
};

export type RateLimited = {
  readonly type: "rate-limited";
  readonly retryAfterSeconds: number | null;
};

export type HostFault =
  | HostFault4
  /** not JSON, missing or wrong fields, a status no rule knows */
  | "malformed-answer"
  | "answer-too-large"
  | "redirect"
  /** accepted, but answered with another wallet than the one sent */
  | "accepted-something-else"
  | "wrong-hmac"
  /** an older revision than this device has seen, or none at all */
  | "rollback"
  | "same-sequence-other-content"
  /** does not prove that what it shows comes from what this device has seen */
  | "broken-chain"
  /** written under keys that have been replaced since */
  | "old-keys"
  /** the HMAC is right and yet no wallet is inside */
  | "undecodable";

/** What the host answered cannot be honest or is not this protocol. Nothing on this device changed. */
export type HostMisbehaves = {
  readonly type: "host-misbehaves";
  readonly fault: HostFault;
  readonly detail: string;
};

/** The account was used with protocol 4 here, so nothing of protocol 3 is sent for it any more (P4K-5). */
export type Protocol4Account = { readonly type: "protocol-4-account" };

export type HostFailure =
  Unreachable | HostFailed | HostRefused | RateLimited | HostMisbehaves | Protocol4Account;

/** There is no token; `login` gets one. */
export type NotLoggedIn = { readonly type: "not-logged-in" };

/** The host no longer knows the token: it expired, or the password was changed on some device. */
export type SessionEnded = { readonly type: "session-ended"; readonly detail: string };

/** The host does not accept the password this device knows; `setLocalPassword`, then `login`. */
export type CredentialsRefused = {
  readonly type: "credentials-refused";
  readonly detail: string;
  /**
   * Of protocol 4, where a device proves its keys and not a password: the account's were replaced, so the device forgot its own (P4K-25);
   * or the host does not take them, and nobody knows why yet; or the account was deleted from this device
   */
  readonly keys?: "forgotten" | "refused" | "deleted";
};

/** The password is not on this device (never given, or forgotten by `logout`). */
export type PasswordNeeded = { readonly type: "password-needed" };

/** The keys lie under this device's passcode: nobody gave it, or another one. */
export type PasscodeNeeded = { readonly type: "passcode-needed" | "wrong-passcode" };

export type NotVerified = { readonly type: "not-verified" };

/** The two wallets cannot be merged by the rules; both are as they were. */
export type MergeRefused = { readonly type: "merge-refused"; readonly detail: string };

/** The host keeps no more for this account; `maxBytes` null: it does not say how much it keeps. */
export type StorageFull = { readonly type: "storage-full"; readonly maxBytes: number | null };

export type WalletTooLarge = { readonly type: "wallet-too-large"; readonly bytes: number };

/** An upgrade to protocol 4 was sent and its fate is not known: `upgrade` again finds out, and takes a password. */
export type UpgradeUnsettled = { readonly type: "upgrade-unsettled" };

/** The account asks for a newer version of this program. */
export type UnsupportedVersion = { readonly type: "unsupported-version" };

/** Why nothing can be asked of the host, or what came of asking. */
export type SyncStop =
  SessionFailure | CredentialsRefused | UnsupportedVersion | StorageFull | HostFailure;

/** Why there is no new token. */
export type LoginFailure =
  | CredentialsRefused
  | NotVerified
  | PasswordNeeded
  | PasscodeNeeded
  | MfaNeeded
  | UnsupportedVersion
  | HostFailure;

/** The host wants a code of the second factor before it gives a new token. */
export type MfaNeeded = { readonly type: "mfa-needed" };

export type SessionFailure = NotLoggedIn | SessionEnded | PasswordNeeded | PasscodeNeeded;

/** The device already belongs to an account. */
export type ProfileExists = {
  readonly type: "profile-exists";
  readonly server: string;
  readonly email: string;
};

/** The profile already syncs another wallet file. */
export type WalletAlreadyLinked = {
  readonly type: "wallet-already-linked";
  readonly location: string;
};

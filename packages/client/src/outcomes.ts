/**
 * What can come of an operation, as unions on `type`. Nothing here is an exception: a refused password or a lying
 * host is an outcome that every caller must face. `describeFailure` turns each failure into sentences for people.
 */

import type { Conflict, JsonValue } from "@holdfast/wallet/lbry";
import type { HostFault4 } from "./protocol-4/outcomes.ts";

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
   * or the host does not take them, and nobody knows why yet
   */
  readonly keys?: "forgotten" | "refused";
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

// Accounts

export type Registered = {
  readonly type: "registered";
  readonly email: string;
  readonly saltSeed: string;
  /** false: a mailed link must be opened before `login` works */
  readonly verified: boolean;
};
export type RegisterOutcome =
  | Registered
  | ProfileExists
  | { readonly type: "address-taken" }
  | { readonly type: "not-allowed"; readonly detail: string }
  | WalletAlreadyLinked
  | ServerRefused
  | HostFailure
  | LocalFailure
  | LocalWalletUnusable;

export type SecretsUpdated = {
  readonly type: "updated";
  readonly saltSeed: string;
  /** false: the salt seed and the password are those this device already had */
  readonly changed: boolean;
};
export type UpdateSecretsOutcome =
  | SecretsUpdated
  | { readonly type: "unknown-account" }
  | UpgradeUnsettled
  | ProfileExists
  | WalletAlreadyLinked
  | ServerRefused
  | HostFailure
  | LocalFailure
  | LocalWalletUnusable;

export type SetLocalPasswordOutcome =
  | SecretsUpdated
  | { readonly type: "unknown-account" }
  | UpgradeUnsettled
  | NoProfile
  | HostFailure
  | LocalFailure;

export type LoggedIn = {
  readonly type: "logged-in";
  readonly email: string;
  readonly deviceId: string;
  /** when the host says the token ends (RFC 3339); the original says nothing */
  readonly expiration: string | null;
};
export type LoginOutcome =
  | LoggedIn
  | CredentialsRefused
  | NotVerified
  | PasswordNeeded
  | NoProfile
  | { readonly type: "unknown-account" }
  | UpgradeUnsettled
  | ProfileExists
  | WalletAlreadyLinked
  | ServerRefused
  | HostFailure
  | LocalFailure
  | LocalWalletUnusable;

export type LogoutOutcome =
  /** null: the local wallet cannot be read */
  | { readonly type: "logged-out"; readonly hadUnpushedChanges: boolean | null }
  | NoProfile
  | LocalFailure;

export type DeviceStatus = {
  readonly type: "status";
  readonly server: string;
  readonly email: string;
  readonly deviceId: string;
  readonly protocol: 3 | 4;
  /** null: accounts of protocol 4 have none */
  readonly saltSeed: string | null;
  /** whether the keys are on this device, if need be behind a passcode */
  readonly hasPassword: boolean;
  /** a registration whose fate is unknown; `register` with the same account settles it */
  readonly isRegistrationPending: boolean;
  readonly isLoggedIn: boolean;
  readonly expiration: string | null;
  /** sequence of the last revision known to be on the host; 0: none; null: what is known cannot be read */
  readonly syncedSequence: number | null;
  /** null: the local wallet cannot be read, see `walletProblem` */
  readonly hasLocalChanges: boolean | null;
  /** conflicts that wait for a decision; null: as above */
  readonly openConflicts: number | null;
  readonly walletProblem: LocalWalletUnusable | null;
  /** what the host did that stopped syncing until a person decides */
  readonly hostProblem: HostMisbehaves | null;
  /** a push whose fate is unknown; the next push or pull settles it */
  readonly inFlightSequence: number | null;
  /** a password change whose fate is unknown; the next operation settles it */
  readonly isPasswordChangePending: boolean;
  readonly walletLocation: string;
  readonly isWalletLinked: boolean;
};
export type StatusOutcome = DeviceStatus | NoProfile | LocalFailure;

// Sync

export type Pushed = {
  readonly type: "pushed";
  readonly sequence: number;
  /** true: an earlier push whose answer was lost turned out to be this revision */
  readonly recovered: boolean;
};
/** The host has a newer revision: pull, then push again. Nothing changed. */
export type OutOfDate = { readonly type: "out-of-date"; readonly remoteSequence: number };
export type PushOutcome =
  Pushed | OutOfDate | MergeRefused | WalletTooLarge | SyncStop | WalletFailure | HostFailure;

export type Pulled = {
  readonly type: "pulled";
  readonly sequence: number;
  /** how the local wallet came about: remote taken as it is, or both merged */
  readonly how: "nothing-to-merge" | "merged";
  /** true: the local wallet now differs from the host's, push to share it */
  readonly hasLocalChanges: boolean;
  /** conflicts in it that wait for a decision */
  readonly openConflicts: number;
};
export type UpToDate = {
  readonly type: "up-to-date";
  readonly sequence: number;
  readonly hasLocalChanges: boolean;
  readonly openConflicts: number;
};
export type PullOutcome =
  | Pulled
  | UpToDate
  | {
      readonly type: "no-remote-wallet";
      readonly hasLocalChanges: boolean;
      readonly openConflicts: number;
    }
  | WalletTooLarge
  | MergeRefused
  | SyncStop
  | WalletFailure
  | HostFailure;

export type Synced = {
  readonly type: "synced";
  /** 0: neither side has a wallet yet */
  readonly sequence: number;
  readonly pulled: boolean;
  readonly merged: boolean;
  readonly pushed: boolean;
  /** pushed although nothing had changed on this device: what the host had lacked something of it */
  readonly corrected: boolean;
  /** conflicts that wait for a decision */
  readonly openConflicts: number;
};
/** Healing a restored host takes something that no device keeps (P4K-59): the same call with it goes on. Nothing was changed. */
export type HealingNeeds = {
  readonly type: "healing-needs";
  /**
   * `old-password`: the one of the backup's time, where the host knows only keys of before a rotation. `password`: one to be the account's
   * from now on, because the host lost its record; it may be the one in use. `mfa-code`: a code of the second factor as it was then.
   */
  readonly what: "old-password" | "password" | "mfa-code";
  /** it was given, and the host does not take it */
  readonly wasRefused: boolean;
};

export type SyncOutcome =
  | Synced
  | HealingNeeds
  /** others kept writing for `rounds` rounds; nothing is lost, try again */
  | { readonly type: "unsettled"; readonly rounds: number }
  | LoginFailure
  | MergeRefused
  | WalletTooLarge
  | SyncStop
  | WalletFailure
  | HostFailure;

export type LookOutcome =
  | {
      readonly type: "looked";
      readonly shows: "wallet" | "unreadable" | "none";
      /** what taking it would change on this device: sentences for people, without secrets */
      readonly differences: readonly string[];
    }
  /** the host did nothing that stopped this device */
  | { readonly type: "no-host-problem" }
  | WalletTooLarge
  | MergeRefused
  | SyncStop
  | WalletFailure
  | HostFailure;

export type PasswordChanged = {
  readonly type: "password-changed";
  readonly saltSeed: string;
  /** the revision that was sent along; null: the account has no wallet yet */
  readonly sequence: number | null;
};
export type ChangePasswordOutcome =
  | PasswordChanged
  | { readonly type: "local-changes" }
  | { readonly type: "same-password" }
  | UpgradeUnsettled
  | { readonly type: "out-of-date"; readonly remoteSequence: number | null }
  | LoginFailure
  | MergeRefused
  | WalletTooLarge
  | SyncStop
  | WalletFailure
  | HostFailure
  | { readonly type: "unsettled"; readonly rounds: number };

// The local wallet

/** No wallet of another account lies in the profile. */
export type NothingLeft = { readonly type: "nothing-left" };

export type TakeOverOutcome =
  /** the next sync merges it; `from`: whose it was */
  { readonly type: "taken-over"; readonly from: string } | NothingLeft;

/** A conflict that waits for a person's decision. */
export type OpenConflict = {
  readonly id: string;
  readonly path: readonly string[];
  readonly reason: Conflict["reason"];
  /** `advanced`: of unknown structure, to be looked at before one of the values is chosen */
  readonly tier: Conflict["tier"];
  /** what happened and what is shown until it is decided: a sentence for people, without secrets */
  readonly description: string;
  /** whether the values may be keys or seeds */
  readonly isSecret: boolean;
  /** in an order that is the same on every device */
  readonly sides: readonly [ConflictSide, ConflictSide];
};
export type ConflictSide = {
  readonly choice: "first" | "second";
  /** undefined: removed */
  readonly value: JsonValue | undefined;
  readonly isShown: boolean;
  /** what choosing it would change now, in sentences without secrets; null: what it belongs to is gone */
  readonly effect: readonly string[] | null;
};
export type ResolveConflictOutcome =
  | {
      readonly type: "resolved";
      /** how many are left */
      readonly openConflicts: number;
      readonly hasLocalChanges: boolean;
    }
  | { readonly type: "unknown-conflict" }
  /** what the value belongs to is gone; only `shown` closes the conflict */
  | { readonly type: "place-is-gone" };

/** The preference in which Holdfast keeps conflicts and retired keys is not one of the person's. */
export type ReservedPreference = { readonly type: "reserved-preference"; readonly key: string };

export type ImportOutcome =
  | {
      readonly type: "imported";
      readonly how: "taken" | "merged";
      readonly hasLocalChanges: boolean;
      readonly openConflicts: number;
    }
  | { readonly type: "wallet-refused"; readonly detail: string }
  | MergeRefused
  | WalletFailure;

/** What comes of syncing, and of a new password, which protocol 3 syncs with. */
import type {
  HostFailure,
  LoginFailure,
  MergeRefused,
  SyncStop,
  UpgradeUnsettled,
  WalletFailure,
  WalletTooLarge,
} from "./failures.ts";

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

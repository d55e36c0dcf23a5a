import type { ConflictChoice, JsonValue } from "@holdfast/wallet/lbry";
import type { DaemonClient, SyncDaemonOutcome } from "../lbrynet/daemon-types.ts";
import type {
  ChangePasswordOutcome,
  LocalFailure,
  LocalWalletUnusable,
  NoProfile,
  NothingLeft,
  ImportOutcome,
  LoginOutcome,
  LogoutOutcome,
  LookOutcome,
  OpenConflict,
  PullOutcome,
  PushOutcome,
  RegisterOutcome,
  ReservedPreference,
  ResolveConflictOutcome,
  SetLocalPasswordOutcome,
  StatusOutcome,
  SyncOutcome,
  TakeOverOutcome,
  UpdateSecretsOutcome,
  WalletFailure,
} from "../outcomes.ts";
import type { Decision } from "../engine/index.ts";
import type { Secret } from "../secret.ts";
import type { HealingSecrets } from "../protocol-4/heal/heal-host.ts";
import type { FreshProfile4, HeldProfile4 } from "./hold-account-4.ts";
import type {
  JoinUpgradedInput,
  JoinUpgradedOutcome,
  UpgradeProfileInput,
  UpgradeProfileOutcome,
} from "./upgrade-profile.ts";
import type { WatchEnd, WatchOptions } from "../watch/watch-types.ts";

/** Which account on which host, and which wallet. */
export type AccountInput = {
  /** e.g. `http://localhost:8090`; plain http only for loopback unless `allowPlainHttp` */
  readonly server: string;
  readonly allowPlainHttp?: boolean;
  /** as the person types it: its spelling is part of the keys */
  readonly email: string;
  readonly password: Secret;
  /** a LBRY wallet file to sync; without it the wallet lies in the profile */
  readonly walletPath?: string;
  /** even where the profile holds a wallet that another account left; it stays apart until `takeOverWallet` */
  readonly besideLeftWallet?: boolean;
};

/** Everything left out is taken from the profile. */
export type LoginInput = Partial<AccountInput>;

export type OperationOptions = { readonly signal?: AbortSignal };

/** A profile of protocol 4 with its lock held: `@holdfast/client/protocol-4` has what can be done with its account. */
export type Protocol4Access = {
  hold<Outcome>(
    work: (held: HeldProfile4) => Promise<Outcome>,
    options?: OperationOptions,
  ): Promise<Outcome | LocalFailure | NoProfile>;
  /** Makes an empty profile one of protocol 4; `work` registers or logs in with the ports it is given. */
  start<Outcome>(
    work: (fresh: FreshProfile4) => Promise<Outcome>,
    options?: OperationOptions,
  ): Promise<Outcome | LocalFailure | { readonly type: "profile-has-account" }>;
  /** Makes an account of protocol 3, and with it the profile, one of protocol 4; called again, it goes on where it was broken off. */
  upgrade(
    input: UpgradeProfileInput,
    options?: OperationOptions,
  ): Promise<UpgradeProfileOutcome | LocalFailure | NoProfile>;
  /** Makes a profile of protocol 3 one of protocol 4 after another device upgraded the account. */
  joinUpgraded(
    input: JoinUpgradedInput,
    options?: OperationOptions,
  ): Promise<JoinUpgradedOutcome | LocalFailure | NoProfile>;
};

/**
 * One device of one account: what a profile remembers, and what can be done with it. Each call takes the profile's
 * lock, reads what is durable, and writes each step before it relies on it; none throws for anything a host, a
 * network or another process may do.
 */
export type Device = {
  /** What is about the account, where it is one of protocol 4; the wallet's calls are the same for both. */
  readonly protocol4: Protocol4Access;

  /** What the profile remembers; asks nobody. */
  status(): Promise<StatusOutcome>;
  /** Makes an account with a new salt seed. Does not log in. */
  register(input: AccountInput, options?: OperationOptions): Promise<RegisterOutcome>;
  /** Fetches an existing account's salt seed and derives its keys. Does not log in. */
  updateSecrets(input: AccountInput, options?: OperationOptions): Promise<UpdateSecretsOutcome>;
  /** After another device changed the password: the same for the profile's account. */
  setLocalPassword(
    input: { readonly password: Secret },
    options?: OperationOptions,
  ): Promise<SetLocalPasswordOutcome>;
  /** Gets a token with the keys at hand; with a password, `updateSecrets` first. */
  login(input?: LoginInput, options?: OperationOptions): Promise<LoginOutcome>;
  /** Forgets token, password and keys; wallet and merge base stay. Protocol 3 cannot end the token on the host. */
  logout(): Promise<LogoutOutcome>;

  /** Sends the local wallet as the next revision, changed or not. */
  push(options?: OperationOptions): Promise<PushOutcome>;
  /** Takes the host's newest revision, merging local changes into it. */
  pull(options?: OperationOptions): Promise<PullOutcome>;
  /** Pulls, merges and pushes until both sides agree; logs in again by itself when the token ended. */
  sync(
    options?: OperationOptions & {
      /** what to do about a host that misbehaved; without one it is looked at once more */
      readonly decision?: Decision;
      /** what an earlier call with the decision to heal asked for */
      readonly healing?: HealingSecrets;
    },
  ): Promise<SyncOutcome>;
  /** What the host shows that made this device stop, compared with the wallet here; changes nothing. */
  lookAtHost(options?: OperationOptions): Promise<LookOutcome>;
  /** Refuses while there are unpushed changes; with `syncFirst` it tries to push them before it refuses. */
  changePassword(
    input: { readonly newPassword: Secret; readonly syncFirst?: boolean },
    options?: OperationOptions,
  ): Promise<ChangePasswordOutcome>;
  /** Hears of other devices' pushes and acts on them until `signal` aborts or nothing more can be done alone. */
  watch(options: WatchOptions): Promise<WatchEnd>;

  /** A preference's bare value; null: not set. */
  getPreference(
    key: string,
  ): Promise<
    | { readonly type: "preference"; readonly value: JsonValue }
    | { readonly type: "not-set" }
    | ReservedPreference
    | WalletFailure
  >;
  /** All but the one that holds conflicts and retired keys. */
  listPreferences(): Promise<
    | { readonly type: "preferences"; readonly preferences: ReadonlyMap<string, JsonValue> }
    | WalletFailure
  >;
  /** Stamped `max(now, replaced + 1)` seconds, so that a clock in the future cannot undo it (P3C-35). */
  setPreference(
    key: string,
    value: JsonValue,
  ): Promise<
    | { readonly type: "saved"; readonly hasLocalChanges: boolean }
    | ReservedPreference
    | WalletFailure
  >;
  /** What two devices changed differently, so that a person has to decide; ordered by id. */
  listConflicts(): Promise<
    { readonly type: "conflicts"; readonly conflicts: readonly OpenConflict[] } | WalletFailure
  >;
  /** Answers one: with one of its values, or with whatever is shown now. An edit like any other. */
  resolveConflict(
    id: string,
    choice: ConflictChoice,
  ): Promise<ResolveConflictOutcome | WalletFailure>;
  /** Merges the text of a wallet file into the local wallet, or takes it when that one is empty. */
  importWallet(walletText: string): Promise<ImportOutcome>;
  /** Whether a wallet that another account left lies where this one is to come; asked before its password is. */
  checkLeftWallet(account: {
    readonly id: string;
    readonly host: URL;
  }): Promise<NothingLeft | LocalWalletUnusable | LocalFailure>;
  /** Makes a wallet that another account left in this profile this account's: the next sync merges it. */
  takeOverWallet(): Promise<TakeOverOutcome | WalletFailure>;
  /** The local wallet as the text of a LBRY wallet file, seeds in the clear. */
  exportWallet(): Promise<{ readonly type: "exported"; readonly text: string } | WalletFailure>;

  /** Brings host and a running LBRY daemon's wallet together through `sync_hash` and `sync_apply`. */
  syncDaemon(
    input: { readonly daemon: DaemonClient; readonly walletId?: string },
    options?: OperationOptions,
  ): Promise<SyncDaemonOutcome>;
};

/** What comes of registering, logging in and out, and how a device stands. */
import type {
  CredentialsRefused,
  HostFailure,
  HostMisbehaves,
  LocalFailure,
  LocalWalletUnusable,
  NoProfile,
  NotVerified,
  PasswordNeeded,
  ProfileExists,
  ServerRefused,
  UpgradeUnsettled,
  WalletAlreadyLinked,
} from "./failures.ts";

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

export type Refusal = "session-ended" | "keys-refused" | "account-deleted" | "upgraded";

export type DeviceStatus = {
  readonly type: "status";
  readonly server: string;
  readonly email: string;
  readonly deviceId: string;
  readonly protocol: 3 | 4;
  /** what the host lists this device by; null: it has no session, or the account is one of protocol 3 */
  readonly listed: { readonly sessionId: string; readonly name: string } | null;
  /** whether the keys on this device are under a passcode; null: accounts of protocol 3 have none */
  readonly hasPasscode: boolean | null;
  /** the wallet that everything is about, where it is not the account's first; `name` null: it is under the passcode */
  readonly otherWallet: { readonly walletId: string; readonly name: string | null } | null;
  /** null: accounts of protocol 4 have none */
  readonly saltSeed: string | null;
  /** whether the keys are on this device, if need be behind a passcode */
  readonly hasPassword: boolean;
  /** a registration whose fate is unknown; `register` with the same account settles it */
  readonly isRegistrationPending: boolean;
  /** a session that, as far as is known, the host still takes */
  readonly isLoggedIn: boolean;
  /** why the host last let this device go no further */
  readonly refusal: Refusal | null;
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

/** What the host keeps of a protocol-4 account's credentials, and the changes of it that are all or nothing. */
import type { OpaqueCredential, SignedState, SlotKind } from "@holdfast/crypto/verify";
import type {
  Authorised,
  NewDeviceSession,
  SessionEnded,
} from "../devices/device-session-store.ts";
import type { AppendedRevisions, StorageFull } from "../revisions/revision-store.ts";

/** An account of protocol 4. */
export interface Holder {
  readonly userId: number;
  /** The address in the form given; look-ups ignore case. */
  readonly id: string;
  /** Hash of the first state: the account's name for ever. */
  readonly identity: string;
  /** Of the first state. */
  readonly nonce: string;
  /** Of the newest state. */
  readonly epoch: number;
  readonly opaque: OpaqueCredential;
  /** Canonical text of the sealed keyring. */
  readonly keyring: string;
}

/** A key slot that the newest state names. */
export interface StoredSlot {
  readonly slotId: string;
  readonly kind: SlotKind;
  readonly reference: string;
  /** Canonical text. */
  readonly text: string;
}

/** A state with the epoch that it holds. */
export interface StoredState {
  readonly epoch: number;
  readonly signed: SignedState;
}

export interface NewHolder {
  readonly id: string;
  readonly identity: string;
  readonly nonce: string;
  readonly opaque: OpaqueCredential;
  readonly state: SignedState;
  readonly slots: readonly StoredSlot[];
  readonly keyring: string;
  readonly session: NewDeviceSession;
}

export type CreateHolderOutcome =
  | { readonly type: "created"; readonly userId: number }
  | { readonly type: "id-taken" }
  /** Another account has this first state, or is opened by this recovery phrase. */
  | { readonly type: "identity-taken" };

/** One checked change of credentials; with several states and revisions when it heals a restored host. */
export interface StoredChange {
  readonly userId: number;
  /** The session that must be alive; undefined where the states' signatures are all that is asked for. */
  readonly tokenHash: string | undefined;
  readonly nowMs: number;
  /** The newest epoch that the change was checked against. */
  readonly epoch: number;
  /** To append, oldest first. */
  readonly states: readonly StoredState[];
  /** Slots that stay; every other one goes. */
  readonly keptSlotIds: readonly string[];
  readonly newSlots: readonly StoredSlot[];
  /** Where it is another one. */
  readonly keyring?: string;
  /** Where the password is another one. */
  readonly opaque?: OpaqueCredential;
  /** The heads at which generations close, as they were when the change was checked. */
  readonly heads: readonly { readonly walletId: string; readonly hash: string | undefined }[];
  readonly revisions: readonly AppendedRevisions[];
  /** What the account's revisions may come to in all; undefined: to anything. */
  readonly maxBytes?: number | undefined;
  /** Whether every session ends. */
  readonly endsSessions: boolean;
  /** The new session of the changing device, where sessions end. */
  readonly session?: NewDeviceSession;
}

export type StoreChangeOutcome =
  | { readonly type: "changed" }
  /** State or heads moved since the change was checked: check again. */
  | { readonly type: "stale" }
  | { readonly type: "session-ended" }
  | { readonly type: "identity-taken" }
  | StorageFull;

export type ChangeIdOutcome =
  { readonly type: "changed" } | { readonly type: "id-taken" } | SessionEnded;

/** A protocol-3 account that becomes one of protocol 4. */
export interface StoredUpgrade {
  readonly userId: number;
  /** The version under which the login password was checked. */
  readonly credentialVersion: number;
  /** What the new wallet is based on; undefined where protocol 3 has no wallet. */
  readonly base: { readonly sequence: number; readonly hmac: string } | undefined;
  readonly nowMs: number;
  readonly holder: Omit<NewHolder, "id">;
  readonly revisions: AppendedRevisions | undefined;
}

export type UpgradeOutcome =
  /** Password, salt seed, wallet and sessions of protocol 3 are gone. */
  | { readonly type: "upgraded" }
  | { readonly type: "credentials-changed" }
  | { readonly type: "base-conflict" }
  | { readonly type: "identity-taken" };

export interface CredentialStore {
  /** An account that was never verified does not hold an address: it makes room (P4-24). */
  create(holder: NewHolder): Promise<CreateHolderOutcome>;
  find(userId: number): Promise<Holder | undefined>;
  findById(id: string): Promise<Holder | undefined>;
  findByIdentity(identity: string): Promise<Holder | undefined>;
  /** By the reference of a recovery slot. */
  findByRecovery(reference: string): Promise<Holder | undefined>;
  /** States after an epoch, oldest first. */
  states(userId: number, afterEpoch: number): Promise<readonly StoredState[]>;
  slots(userId: number): Promise<readonly StoredSlot[]>;
  change(change: StoredChange): Promise<StoreChangeOutcome>;
  changeId(by: Authorised, id: string): Promise<ChangeIdOutcome>;
  /** Whether an address is held by an account of any protocol that is verified. */
  isTaken(id: string): Promise<boolean>;
  /** Removes the account and all that it has. */
  remove(by: Authorised): Promise<{ readonly type: "removed" } | SessionEnded>;
  upgrade(upgrade: StoredUpgrade): Promise<UpgradeOutcome>;
}

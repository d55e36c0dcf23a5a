/**
 * Where a `SyncAccount` comes from: a protocol module, given what a person knows or has. Protocol 3 takes address and
 * password; protocol 4 a password, a recovery phrase, a passcode or a paired device: each has its own `Credentials`.
 *
 * Nothing here throws for what a person, a host or a network may do: those are outcomes.
 */
import type { OpenOutcome, ProtocolRules, RequestFailure, RevisionRef } from "../engine/index.ts";
import type { DerivationProgress } from "./scrypt.ts";
import type { SyncAccount } from "./sync-account.ts";
import type { LoadOutcome, StoreOutcome } from "./wallet-store.ts";

export type AccountSource<Content, Credentials> = {
  readonly rules: ProtocolRules;
  /** Gets the keys. Where the host cannot be reached, what is remembered may do (SYNC-15): the account then works offline. */
  unlock(credentials: Credentials, context: UnlockContext): Promise<OpenAccountOutcome<Content>>;
};

export type UnlockContext = {
  readonly memory: AccountMemory;
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: DerivationProgress) => void) | undefined;
};

/** What the protocol remembers on this device between unlocks: salts, sealed keys, the device's id. Never a key or password in the clear. */
export type AccountMemory = {
  /** null: nothing yet */
  readonly text: string | null;
  save(text: string): Promise<StoreOutcome>;
  /** Further texts by name, for instance one for each wallet; letters, digits, `-` and `_`, at most 100. */
  loadPart(name: string): Promise<LoadOutcome>;
  savePart(name: string, text: string): Promise<StoreOutcome>;
};

export type OpenAccountOutcome<Content> =
  | { readonly type: "unlocked"; readonly account: OpenAccount<Content> }
  /** wrong password, phrase, passcode, or a pairing that was turned down */
  | { readonly type: "credentials-refused"; readonly detail: string }
  | { readonly type: "unknown-account" }
  /** only when signing up */
  | { readonly type: "address-taken" }
  /** it was used with protocol 4 here, so protocol 3 is never used for it again (P4K-5) */
  | { readonly type: "protocol-4-account" }
  /** the account's address is not confirmed yet */
  | { readonly type: "not-verified" }
  /** what is remembered on this device belongs to another account */
  | { readonly type: "another-account"; readonly owner: string }
  /** the host is needed and cannot be reached */
  | { readonly type: "unreachable"; readonly detail: string }
  | { readonly type: "busy"; readonly retryAfterMs: number }
  /** the host does not let this address in, or its answer makes no sense */
  | { readonly type: "host-refused"; readonly detail: string }
  /** this machine could not make keys from the password: too little memory, or a worker that did not load */
  | { readonly type: "derivation-failed"; readonly detail: string }
  /** what is remembered cannot be read, or cannot be written; it was left as it is */
  | { readonly type: "memory-failed"; readonly detail: string };

/** An account with its keys, for a client that lives long. */
export type OpenAccount<Content> = SyncAccount<Content> & {
  /** Names account and host for people. */
  readonly owner: string;
  /** Whose the device's wallet is, whatever the account is called: it is never taken for another's. Left out: `owner`. */
  readonly ownerId?: string;
  /** Opens one connection on which the host tells of changes; after `ended` the client opens another. */
  watch(onEvent: (event: WatchEvent) => void): { close(): void };
  /** null: this protocol keeps no earlier revisions */
  readonly history: AccountHistory<Content> | null;
  /** Gives a host that was restored from a backup what it lost, as it was. Absent: this protocol cannot. */
  healHost?(signal: AbortSignal): Promise<GiveBackOutcome>;
};

/** `not-given-back`: the host went on without it, this device does not have it, or it cannot be done now. */
export type GiveBackOutcome = { readonly type: "given-back" } | { readonly type: "not-given-back" };

export type WatchEvent =
  /** from now on notices come */
  | { readonly type: "watching" }
  | { readonly type: "noticed"; readonly sequence: number }
  | { readonly type: "credentials-changed" }
  /** `isRefused`: the host no longer takes the token, where the platform tells */
  | { readonly type: "ended"; readonly isRefused: boolean };

export type HistoricRevision = {
  readonly sequence: number;
  readonly hash: string;
  /** the device that wrote it */
  readonly deviceId: string;
  /** by that device's clock */
  readonly savedAtMs: number;
};

export type AccountHistory<Content> = {
  /** Revisions below `before`, newest first, at most `limit`. */
  list(
    page: { readonly before: number; readonly limit: number },
    signal: AbortSignal,
  ): Promise<
    | { readonly type: "revisions"; readonly revisions: readonly HistoricRevision[] }
    | Extract<OpenOutcome<Content>, { type: "rejected" }>
    | RequestFailure
  >;
  /** One of them, verified against `head`, the newest revision this device knows, and decrypted. */
  open(
    sequence: number,
    head: RevisionRef,
    signal: AbortSignal,
  ): Promise<
    | { readonly type: "opened"; readonly content: Content }
    | { readonly type: "unknown-revision" }
    /** the host keeps no more than its header */
    | { readonly type: "body-gone" }
    | Extract<OpenOutcome<Content>, { type: "rejected" }>
    | RequestFailure
  >;
};

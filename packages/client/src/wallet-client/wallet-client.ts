/** The face of a wallet client, as an app sees it. Nothing here throws for what a host, a network, a disk or another tab may do. */
import type { ConflictChoice, Content, WalletFormat } from "@holdfast/wallet/merge";
import type {
  Decision,
  FirstSync,
  ProblemName,
  RequestFailure,
  SaveFailure,
} from "../engine/index.ts";
import type {
  AccountSource,
  HistoricRevision,
  OpenAccountOutcome,
} from "../ports/account-source.ts";
import type { Clock } from "../ports/clock.ts";
import type { Connectivity } from "../ports/connectivity.ts";
import type { RandomBytes } from "../ports/random-bytes.ts";
import type { DerivationProgress } from "../ports/scrypt.ts";
import type { WalletStore } from "../ports/wallet-store.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Status } from "./status.ts";

export type WalletClientParts<Document, Credentials> = {
  readonly format: WalletFormat<Document>;
  readonly store: WalletStore;
  readonly source: AccountSource<Content<Document>, Credentials>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** left out: always online, until a request fails */
  readonly connectivity?: Connectivity;
  /** Hears of defects, after which the client does nothing more (status `broken`). */
  readonly onDefect?: (error: unknown) => void;
};

export type OpenClientOutcome =
  | { readonly type: "open"; readonly role: "leader" | "follower" }
  /** another process has the store, and this platform has no way to share it */
  | { readonly type: "in-use"; readonly location: string }
  /** what the device remembers cannot be read; it was left as it is */
  | { readonly type: "damaged"; readonly location: string; readonly detail: string }
  | { readonly type: "unusable"; readonly location: string; readonly detail: string }
  /** `close` was called meanwhile */
  | { readonly type: "closed" };

export type UnlockOutcome =
  /** and synced, when the host could be reached */
  | { readonly type: "unlocked" }
  /** another tab has unlocked the wallet already */
  | { readonly type: "already-unlocked" }
  /** another tab has edits that its disk does not take, and cannot step back */
  | { readonly type: "other-tab-unsaved" }
  /** `lock`, `close` or another `unlock` came in between */
  | { readonly type: "stopped" }
  | NotOpen
  | Exclude<OpenAccountOutcome<never>, { readonly type: "unlocked" }>;

export type EditOutcome =
  /** on disk; it goes to the host by itself */
  | { readonly type: "saved" }
  /** it says nothing new */
  | { readonly type: "unchanged" }
  /** kept in memory, and saved as soon as the disk takes it */
  | { readonly type: "not-saved"; readonly reason: SaveFailure }
  /** the format cannot write such a document */
  | { readonly type: "refused"; readonly detail: string }
  | NotOpen;

export type ResolveOutcome =
  | EditOutcome
  | { readonly type: "unknown-conflict" }
  /** what the value belongs to is gone; only `shown` closes the conflict */
  | { readonly type: "place-is-gone" };

export type HistoryOutcome =
  { readonly type: "revisions"; readonly revisions: readonly HistoricRevision[] } | HistoryFailure;

export type RestoreOutcome =
  | Exclude<EditOutcome, { readonly type: "refused" }>
  | { readonly type: "unknown-revision" }
  /** the host keeps no more than its header */
  | { readonly type: "body-gone" }
  | HistoryFailure;

type HistoryFailure =
  /** the protocol keeps none (protocol 3) */
  | { readonly type: "no-history" }
  | { readonly type: "locked" }
  | { readonly type: "rejected"; readonly problem: ProblemName }
  | RequestFailure
  | NotOpen;

type NotOpen = { readonly type: "not-open" };

export type UnlockOptions = {
  readonly onProgress?: (progress: DerivationProgress) => void;
  /**
   * The wallet on this device belongs to another account: merge it into this one, which is its owner from then on. Left out, that
   * is refused (`another-account`), and a store of its own keeps the two apart.
   */
  readonly anothersWallet?: "merge";
};

export type WalletClient<Document, Credentials> = {
  /** Reads what the device remembers, or joins the tab that has. Resolves when there is a document to show. */
  open(): Promise<OpenClientOutcome>;
  /** Gets the keys; keys stay in the tab they were made in. Syncs first when the host can be reached (SYNC-15). */
  unlock(credentials: Credentials, options?: UnlockOptions): Promise<UnlockOutcome>;
  /** Forgets the keys, in every tab; edits go on, and are synced after the next `unlock`. */
  lock(): Promise<void>;
  /** `change` gets the document and gives another one; it must not change what it got. Resolves when it is on disk. */
  edit(change: (document: Document) => Document): Promise<EditOutcome>;
  /** Calls `listener` after each change of the snapshot; gives the function that ends it. */
  subscribe(listener: (snapshot: Snapshot<Document>) => void): () => void;
  snapshot(): Snapshot<Document>;
  /** Looks at the host and syncs now. Resolves with how things stand when nothing is under way any more. */
  sync(): Promise<Status>;
  /** Answers a conflict. */
  resolve(conflictId: string, choice: ConflictChoice): Promise<ResolveOutcome>;
  /** What to do about a host that misbehaves. Resolves with how things stand when it is done. */
  decide(decision: Decision): Promise<Status>;
  /** How edits from before the first sign-in and the account's wallet meet; before `unlock`. Merged, unless told. */
  chooseFirstSync(choice: FirstSync): Promise<Status>;
  /** Earlier revisions below `before`, newest first. */
  history(page?: { readonly before?: number; readonly limit?: number }): Promise<HistoryOutcome>;
  /** Puts an earlier revision's document on top as an edit; keys that it lacks are kept (SYNC-21). */
  restore(sequence: number): Promise<RestoreOutcome>;
  /** Waits for the disk, forgets the keys and gives up the store. false: edits that the disk did not take are lost. */
  close(): Promise<boolean>;
};

/** What a wallet on this device needs of the account it belongs to, whatever the protocol. */
import type { ProtocolRules } from "../engine/index.ts";
import type { HealingNeeds, LoginFailure, SyncStop } from "../outcomes.ts";
import type { SyncAccount } from "../ports/sync-account.ts";
import type { LbryContent } from "../protocol-3/revision-text.ts";
import type { HealingSecrets } from "../protocol-4/heal/heal-host.ts";
import type { Secret } from "../secret.ts";
import type { WalletOwner } from "../wallet-owner/wallet-owner.ts";
import type { DevicePorts, StoreSession } from "./device-ports.ts";

export type WalletHolder = {
  readonly ports: DevicePorts;
  readonly session: Pick<StoreSession, "readFile" | "writeFile">;
  readonly signal: AbortSignal | undefined;
  readonly rules: ProtocolRules;
  /** Whose the state is: one that belongs to somebody else is never taken for the account's own. */
  readonly owner: WalletOwner;
  /** The wallet's own part of the profile, null before the first write. */
  readState(): Promise<string | null>;
  writeState(text: string): Promise<void>;
  /** A wallet file of the person's own; null: there is none. */
  readonly walletPath: string | null;
  /** Those that may open the file where it is encrypted on disk; the first is the one it is encrypted under. */
  readonly filePasswords: readonly Secret[];
  /** What a blob for a LBRY daemon is packed under; null: it is not on this device. */
  readonly daemonPassword: Secret | null;
  /** Keys and token for talking to the host; `receive` is given each wallet that was opened. */
  goOnline(
    receive: (content: LbryContent) => LbryContent,
  ): Promise<{ readonly type: "online"; readonly online: OnlineAccount } | SyncStop>;
  /** What else the host says of an account whose session it ended; null: nothing more. */
  whyEnded(): Promise<SyncStop | null>;
  /** A new token with the keys at hand. */
  logIn(): Promise<{ readonly type: "logged-in" } | LoginFailure>;
  /**
   * Opens one connection on which the host tells of changes; after `closed` nothing follows. It needs the profile's lock for this call
   * only. null: there is no token to connect with.
   */
  listen(onEvent: (event: HostNews) => void): { close(): void } | null;
  /** Gives a host that was restored from a backup back what it lost, where the protocol can (P4K-59). */
  healHost(secrets: HealingSecrets): Promise<HealedHost>;
  /** After a sync, with the merge base's sequence. */
  afterSync(sequence: number): Promise<void>;
};

export type HealedHost =
  | { readonly type: "healed" }
  /** what the host has is for the engine to bring together with what is here (SYNC-12) */
  | { readonly type: "to-be-merged" }
  | HealingNeeds
  | SyncStop;

export type HostNews =
  | { readonly type: "open" }
  | { readonly type: "notice"; readonly sequence: number }
  /** something else may have changed: the credentials */
  | { readonly type: "poll" }
  | { readonly type: "closed" };

export type OnlineAccount = {
  readonly sync: SyncAccount<LbryContent>;
  /** What exactly was seen when the last request came to nothing; null: nothing of the kind. */
  stoppedBy(): SyncStop | null;
  /** Why the last wallet could not be read. */
  rejection(): { readonly isNewer: boolean; readonly detail: string } | null;
  /** Why the wallet could not be sealed. */
  sealFailure(): unknown;
};

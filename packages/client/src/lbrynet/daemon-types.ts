import type { JsonValue } from "@holdfast/wallet/lbry";
import type { SyncOutcome } from "../outcomes.ts";
import type { Secret } from "../secret.ts";

export type DaemonFailure =
  | {
      readonly type: "daemon-unreachable";
      readonly reason: "network" | "timeout" | "stopped";
      readonly detail: string;
    }
  | { readonly type: "daemon-wallet-locked" }
  | { readonly type: "daemon-wallet-unknown"; readonly detail: string }
  | { readonly type: "daemon-wrong-password" }
  /** the daemon's own error, by name */
  | { readonly type: "daemon-error"; readonly name: string; readonly detail: string }
  | { readonly type: "daemon-malformed-answer"; readonly detail: string };

export type DaemonWalletStatus = {
  readonly type: "status";
  readonly isEncrypted: boolean;
  readonly isLocked: boolean;
};

/** A running LBRY daemon, through its JSON-RPC. */
export type DaemonClient = {
  readonly url: string;
  syncHash(
    input: { readonly walletId?: string },
    signal?: AbortSignal,
  ): Promise<{ readonly type: "hash"; readonly hash: string } | DaemonFailure>;
  /** Without `data` it only packs. `data`: the daemon's wallet afterwards, packed under `password`. */
  syncApply(
    input: { readonly password: Secret; readonly data?: string; readonly walletId?: string },
    signal?: AbortSignal,
  ): Promise<
    { readonly type: "applied"; readonly hash: string; readonly data: string } | DaemonFailure
  >;
  preferenceGet(
    input: { readonly key?: string; readonly walletId?: string },
    signal?: AbortSignal,
  ): Promise<{ readonly type: "preferences"; readonly value: JsonValue } | DaemonFailure>;
  walletStatus(
    input: { readonly walletId?: string },
    signal?: AbortSignal,
  ): Promise<DaemonWalletStatus | DaemonFailure>;
};

export type OpenDaemonOutcome =
  | { readonly type: "opened"; readonly daemon: DaemonClient }
  | { readonly type: "url-refused"; readonly detail: string };

export type SyncDaemonOutcome =
  | {
      readonly type: "daemon-synced";
      readonly sequence: number;
      /** the daemon's wallet changed */
      readonly applied: boolean;
      /** the host's wallet changed */
      readonly pushed: boolean;
      /** the daemon's `sync_hash` afterwards */
      readonly hash: string;
    }
  /** the profile is linked to a wallet file, and a daemon would be a second writer of it */
  | { readonly type: "wallet-file-linked"; readonly location: string }
  | DaemonFailure
  | Exclude<SyncOutcome, { readonly type: "synced" }>;

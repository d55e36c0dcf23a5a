/** `createWalletClient` and what an app needs to know of it. */
export { createWalletClient } from "./create-wallet-client.ts";
export type { Look, ListedConflict, Snapshot } from "./snapshot.ts";
export type { Status } from "./status.ts";
export type {
  EditOutcome,
  HistoryOutcome,
  OpenClientOutcome,
  ResolveOutcome,
  RestoreOutcome,
  UnlockOptions,
  UnlockOutcome,
  WalletClient,
  WalletClientParts,
} from "./wallet-client.ts";

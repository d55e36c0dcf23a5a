/**
 * `@holdfast/client`: a wallet for an app (`createWalletClient`), and one device of one account over protocol 3 as the
 * command line uses it (`createDevice`). The platform comes from `@holdfast/client/node` or `@holdfast/client/browser`.
 */
export { createDevice, type DeviceOptions } from "./device/create-device.ts";
export type {
  DevicePorts,
  DeviceStore,
  OpenSocket,
  ReadFileOutcome,
  SocketEvent,
  StoreSession,
} from "./device/device-ports.ts";
export type { Clock } from "./ports/clock.ts";
export type { RandomBytes } from "./ports/random-bytes.ts";
export type { DerivationProgress, Scrypt, ScryptParams } from "./ports/scrypt.ts";
export type {
  AccountInput,
  Device,
  LoginInput,
  OperationOptions,
  Protocol4Access,
} from "./device/device.ts";
export type { FreshProfile4, HeldProfile4 } from "./device/hold-account-4.ts";
export { keysRefused, stopOf } from "./device/stop-of-4.ts";
export { unlockHeld } from "./device/unlock-held-4.ts";
export {
  readRevision,
  restoreRevision,
  type ReadRevisionOutcome,
  type RestoreRevisionOutcome,
} from "./device/restore-revision.ts";
export type {
  JoinUpgradedInput,
  JoinUpgradedOutcome,
  UpgradeProfileInput,
  UpgradeProfileOutcome,
} from "./device/upgrade-profile.ts";
export { checkLinkedWallet } from "./device/wallet-file.ts";
export { isEmailAddress } from "@holdfast/protocol";
export { formatServerUrl } from "./protocol-3/server-url.ts";
export { ClientError, type ClientErrorCode } from "./client-error.ts";
export { describeFailure } from "./describe-failure.ts";
export { contentFormatOf } from "./driver/content-format.ts";
export { readCustodialWallet } from "./lbry-sync/read-custodial-wallet.ts";
export type { CustodialOutcome } from "./lbry-sync/read-custodial-wallet.ts";
export { openDaemon } from "./lbrynet/open-daemon.ts";
export type {
  DaemonClient,
  DaemonFailure,
  DaemonWalletStatus,
  OpenDaemonOutcome,
  SyncDaemonOutcome,
} from "./lbrynet/daemon-types.ts";
export type * from "./outcomes.ts";
export { Secret } from "./secret.ts";
export { mergeThreeWay } from "./sync/merge-three-way.ts";
export { judgeAction } from "./watch/judge-action.ts";
export type { WatchAction, WatchEnd, WatchEvent, WatchOptions } from "./watch/watch-types.ts";
export type * from "./ports/account-source.ts";
export type { Connectivity } from "./ports/connectivity.ts";
export type { SyncAccount } from "./ports/sync-account.ts";
export type { ProtocolMemory } from "./ports/protocol-memory.ts";
export type * from "./ports/wallet-store.ts";
export { rememberProtocol4, wasUsedWithProtocol4 } from "./protocol-memory/protocol-memory.ts";
export { createProtocol3Source, type Protocol3SourceParts } from "./protocol-3/account-source.ts";
export type { Credentials3 } from "./protocol-3/unlock-keys.ts";
export * from "./wallet-client/index.ts";

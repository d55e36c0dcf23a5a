/**
 * `@holdfast/client`: one device of one account over protocol 3. The platform comes from `@holdfast/client/node` or
 * `@holdfast/client/browser`.
 */
export { Secret } from "./secret.ts";
export type * from "./outcomes.ts";
export type {
  Clock,
  DerivationProgress,
  DevicePorts,
  DeviceStore,
  OpenSocket,
  RandomBytes,
  ReadWalletOutcome,
  Scrypt,
  ScryptParams,
  SocketEvent,
  StoreSession,
  WalletPlace,
} from "./device/device-ports.ts";
export type { AccountInput, Device, LoginInput, OperationOptions } from "./device/device.ts";
export type { WatchAction, WatchEnd, WatchEvent, WatchOptions } from "./watch/watch-types.ts";
export type {
  DaemonClient,
  DaemonFailure,
  DaemonWalletStatus,
  OpenDaemonOutcome,
  SyncDaemonOutcome,
} from "./lbrynet/daemon-types.ts";

import type { DevicePorts, DerivationProgress } from "./device/device-ports.ts";
import type { Device } from "./device/device.ts";
import type { OpenDaemonOutcome } from "./lbrynet/daemon-types.ts";

export type DeviceOptions = {
  /** called while keys are derived, which takes seconds */
  readonly onDerivation?: (progress: DerivationProgress) => void;
  /** longest wait for one answer; default 30 000 */
  readonly timeoutMs?: number;
  /** longest wait for another process to let go of the profile; default 20 000 */
  readonly lockWaitMs?: number;
};

/** A device over the given platform; touches nothing until its first call. */
export declare function createDevice(ports: DevicePorts, options?: DeviceOptions): Device;

/** A client of a LBRY daemon's JSON-RPC; only loopback addresses unless `allowRemote`. Default `http://127.0.0.1:5279`. */
export declare function openDaemon(options?: {
  readonly url?: string;
  readonly allowRemote?: boolean;
  readonly timeoutMs?: number;
}): OpenDaemonOutcome;

/** One or two sentences for people: what happened, what it means for their wallet, what to do. Of any outcome that is not a success. */
export declare function describeFailure(outcome: { readonly type: string }): string;

/**
 * What the device asks of its platform. Adapters give it: `@holdfast/client/node`, `@holdfast/client/browser`.
 */

import type { Secret } from "../secret.ts";

/** How far a key derivation is. scrypt cannot tell: `estimatedMs` is measured on this machine just before, or null. */
export type DerivationProgress = {
  readonly elapsedMs: number;
  readonly estimatedMs: number | null;
};

export type ScryptParams = {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly dkLen: number;
};

/** scrypt (RFC 7914), off the main thread where the platform can; also serves as the wallet package's `Scrypt`. */
export type Scrypt = (
  password: Uint8Array,
  salt: Uint8Array,
  params: ScryptParams,
  onProgress?: (progress: DerivationProgress) => void,
) => Promise<Uint8Array>;

export type Clock = {
  nowMs(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** Cryptographically secure random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** Where a device's wallet lies: in the profile, or in a file of the person's own. */
export type WalletPlace =
  { readonly type: "profile" } | { readonly type: "file"; readonly path: string };

export type ReadWalletOutcome =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "none" }
  | { readonly type: "unreadable"; readonly detail: string };

/** A profile held by this caller alone, until `release`. Every write is durable and atomic when its promise resolves. */
export type StoreSession = {
  /** The profile's text as last written, null before the first. */
  readProfile(): Promise<string | null>;
  writeProfile(text: string): Promise<void>;
  removeProfile(): Promise<void>;
  readWallet(place: WalletPlace): Promise<ReadWalletOutcome>;
  /** Replaces the wallet if it still reads `expected` (null: is absent). */
  writeWallet(
    place: WalletPlace,
    text: string,
    expected: string | null,
  ): Promise<{ readonly type: "written" } | { readonly type: "changed-meanwhile" }>;
  release(): Promise<void>;
};

export type DeviceStore = {
  /** For people: the file or database the profile or wallet is in. */
  describe(place: WalletPlace | { readonly type: "state" }): string;
  /** Takes the profile for this caller alone; waits up to `waitMs`. */
  lock(waitMs: number): Promise<{ type: "locked"; session: StoreSession } | { type: "in-use" }>;
};

export type SocketEvent =
  | { readonly type: "open" }
  | { readonly type: "message"; readonly text: string }
  /** `status`: the HTTP status with which the host refused the upgrade, where the platform tells */
  | { readonly type: "closed"; readonly status: number | null };

/** Opens a WebSocket; after `closed` no event follows. Where headers cannot be sent (browsers) the token goes into the query. */
export type OpenSocket = (request: {
  readonly url: URL;
  readonly token: Secret;
  /** the host is an original server, which reads the token from the query only */
  readonly isTokenInQuery: boolean;
  readonly onEvent: (event: SocketEvent) => void;
}) => { close(): void };

export type DevicePorts = {
  readonly store: DeviceStore;
  readonly fetch: typeof fetch;
  readonly openSocket: OpenSocket;
  readonly scrypt: Scrypt;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
};

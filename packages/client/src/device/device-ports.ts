/**
 * What the device asks of its platform. Adapters give it: `@holdfast/client/node`, `@holdfast/client/browser`.
 */

import type { Clock } from "../ports/clock.ts";
import type { ProtocolMemory } from "../ports/protocol-memory.ts";
import type { RandomBytes } from "../ports/random-bytes.ts";
import type { Scrypt } from "../ports/scrypt.ts";
import type { AccountPorts } from "../protocol-4/record/account-ports.ts";
import type { Secret } from "../secret.ts";

export type ReadFileOutcome =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "none" }
  | { readonly type: "unreadable"; readonly detail: string };

/** A profile held by this caller alone, until `release`. Every write is durable and atomic when its promise resolves. */
export type StoreSession = {
  /** The account's text as last written, null before the first. */
  readProfile(): Promise<string | null>;
  writeProfile(text: string): Promise<void>;
  removeProfile(): Promise<void>;
  /** The same for what syncs: the wallet, its merge base, and what is in flight. */
  readState(): Promise<string | null>;
  writeState(text: string): Promise<void>;
  removeState(): Promise<void>;
  /** Further texts, each under a name of letters, digits, `-` and `_`; null: never written. */
  readPart(name: string): Promise<string | null>;
  writePart(name: string, text: string): Promise<void>;
  removePart(name: string): Promise<void>;
  /** A wallet file of the person's own. */
  readFile(path: string): Promise<ReadFileOutcome>;
  /** Replaces it if it still reads `expected`. */
  writeFile(
    path: string,
    text: string,
    expected: string,
  ): Promise<{ readonly type: "written" } | { readonly type: "changed-meanwhile" }>;
  release(): Promise<void>;
};

export type DeviceStore = {
  /** For people: where the account or the wallet lies, or the whole path of a file. */
  describe(place: "profile" | "state" | { readonly path: string }): string;
  /** Takes the profile for this caller alone; waits up to `waitMs`. */
  lock(waitMs: number): Promise<{ type: "locked"; session: StoreSession } | { type: "in-use" }>;
  /**
   * Calls back some time after anybody wrote the profile's wallet or the file at `path`, once for several writes. A hint, where the
   * platform can tell. Gives what ends it.
   */
  watchWallet(path: string | null, onChange: () => void): () => void;
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
  readonly protocolMemory: ProtocolMemory;
  readonly fetch: typeof fetch;
  readonly openSocket: OpenSocket;
  readonly scrypt: Scrypt;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** See `AccountPorts`. */
  readonly loadOpaque?: AccountPorts["loadOpaque"];
};

/** What accounts of protocol 4 ask of their platform. */
import type { OpaqueClient } from "@holdfast/crypto";
import type { Clock } from "../../ports/clock.ts";
import type { ProtocolMemory } from "../../ports/protocol-memory.ts";
import type { RandomBytes } from "../../ports/random-bytes.ts";

/**
 * Where one device keeps one account. Every write is durable and atomic when its promise resolves; a rejection means that the
 * disk failed.
 */
export type AccountStore = {
  /** Replaces the account's record (`formatAccountRecord`). */
  saveAccount(text: string): Promise<void>;
  /** What is kept of a wallet's history, to heal a host with; null: nothing. */
  loadWallet(walletId: string): Promise<string | null>;
  saveWallet(walletId: string, text: string): Promise<void>;
};

export type AccountPorts = {
  readonly store: AccountStore;
  /** Where the account is put down as one of protocol 4 (P4K-5). */
  readonly protocolMemory: ProtocolMemory;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Its finishing calls take half a second: browsers give one that works in a worker. Default: the library itself. */
  readonly loadOpaque?: (() => Promise<OpaqueClient>) | undefined;
  /** default 30 s for a whole answer */
  readonly timeoutMs?: number;
};

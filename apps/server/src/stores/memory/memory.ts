/** What the memory stores share, as one heap. */
import type { Account } from "../../accounts/account-store.ts";
import type { Holder, StoredSlot, StoredState } from "../../credentials/credential-store.ts";
import type { DeviceSession } from "../../devices/device-session-store.ts";
import type { StoredHeader } from "../../revisions/revision-store.ts";
import type { Session } from "../../sessions/session-store.ts";
import type { StoredWallet } from "../../wallets/wallet-store.ts";

interface VerificationToken {
  readonly userId: number;
  readonly expiresAtMs: number;
}

/** One revision; its body goes by the retention rule. */
export interface MemoryRevision {
  readonly header: StoredHeader;
  readonly storedAtMs: number;
  readonly bytes: number;
  readonly keepsPrevious: boolean;
  body: Uint8Array | undefined;
}

export interface MemoryWallet {
  readonly revisions: MemoryRevision[];
  readonly writerKeys: Map<number, string>;
}

/** A protocol-4 account with all that it has. */
export interface MemoryHolder {
  holder: Holder;
  readonly isUpgraded: boolean;
  readonly states: StoredState[];
  slots: readonly StoredSlot[];
  readonly wallets: Map<string, MemoryWallet>;
  secondFactor:
    { readonly sealedSecret: string; lastStep: number; readonly codes: Set<string> } | undefined;
}

export interface Memory {
  /** How many accounts there ever were. */
  users: number;
  readonly accounts: Map<number, Account>;
  readonly sessions: Map<string, Session>;
  readonly wallets: Map<number, StoredWallet>;
  readonly verificationTokens: Map<string, VerificationToken>;
  readonly holders: Map<number, MemoryHolder>;
  /** By token hash. */
  readonly deviceSessions: Map<string, DeviceSession>;
  readonly facts: Map<string, string>;
}

export function createMemory(): Memory {
  return {
    users: 0,
    accounts: new Map(),
    sessions: new Map(),
    wallets: new Map(),
    verificationTokens: new Map(),
    holders: new Map(),
    deviceSessions: new Map(),
    facts: new Map(),
  };
}

export function isAlive(
  entry: { readonly expiresAtMs: number } | undefined,
  nowMs: number,
): boolean {
  return entry !== undefined && entry.expiresAtMs > nowMs;
}

export function removeWhere<Value>(
  entries: Map<string, Value>,
  matches: (value: Value) => boolean,
): number {
  let removed = 0;
  for (const [key, value] of entries) {
    if (!matches(value)) continue;
    entries.delete(key);
    removed += 1;
  }
  return removed;
}

/**
 * One device's durable memory, shared by all its tabs or processes: one of them leads and alone may write, the others
 * see its snapshots and hand it their edits.
 */
import type { SaveFailure } from "../engine/index.ts";

/**
 * `state`: what the engine remembers, the wallet included. `account` and its parts: what the protocol remembers, without
 * keys or passwords in the clear.
 */
export type StoreSlot = "state" | "account" | `account-${string}`;

export type LoadOutcome =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "none" }
  /** it was left as it is */
  | { readonly type: "unreadable"; readonly detail: string };

export type StoreOutcome =
  | { readonly type: "saved" }
  | { readonly type: "failed"; readonly reason: SaveFailure; readonly detail: string };

/** The store in the hands of the one who leads. */
export type HeldStore = {
  load(slot: StoreSlot): Promise<LoadOutcome>;
  /** Replaces the text, whole and durably, before it resolves; a crash leaves the old one or the new one. */
  save(slot: StoreSlot, text: string): Promise<StoreOutcome>;
  /** Gives up the lead; what is saved afterwards is refused (`not-leader`). */
  release(): Promise<void>;
};

export type LeadOutcome =
  | { readonly type: "leading"; readonly store: HeldStore }
  | { readonly type: "led-by-another" }
  /** no store is possible here: no such folder, no permission, a newer version of the app made it, … */
  | { readonly type: "unusable"; readonly detail: string };

export type Channel = { post(message: unknown): void; close(): void };

/** Several tabs of one browser, which can talk to each other. */
export type Peers = {
  /** Resolves when those who led or asked before are gone, or when `signal` aborts (`led-by-another`). */
  waitToLead(signal: AbortSignal): Promise<LeadOutcome>;
  /** What one posts all others get, in its order, but for itself. */
  openChannel(onMessage: (message: unknown) => void): Channel;
};

export type WalletStore = {
  /** for people: the folder or database */
  readonly location: string;
  /** Takes the lead if nobody has it; does not wait. */
  lead(): Promise<LeadOutcome>;
  /** null: whoever comes second is turned away */
  readonly peers: Peers | null;
};

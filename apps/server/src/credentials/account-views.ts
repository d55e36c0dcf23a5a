/**
 * An account as everything else looks at it: its chain of states, read from the store and parsed.
 *
 * Invariant: states that are there never change, so what is remembered of an account under an epoch stays true; only what
 * comes after has to be read.
 */
import { trustStoredState, type VerifiedState } from "@holdfast/crypto/verify";
import type { Hash } from "@holdfast/crypto/verify";
import { LRUCache } from "lru-cache";
import type { CredentialStore, Holder } from "./credential-store.ts";

export interface AccountView {
  readonly holder: Holder;
  /** From the first to the newest. */
  readonly states: readonly VerifiedState[];
  readonly newest: VerifiedState;
}

export interface AccountViews {
  /** Undefined when the account is gone. */
  load(userId: number): Promise<AccountView | undefined>;
}

/** Characters of states; parsed they take some three times as much. */
const MAX_LENGTH = 32 * 1024 * 1024;

/** States parsed at once: some milliseconds. */
const SLICE = 32;

export function lengthOf(states: readonly VerifiedState[]): number {
  return states.reduce((sum, { signed }) => sum + signed.body.length, 0);
}

export function createAccountViews(store: CredentialStore): AccountViews {
  const statesByUser = new LRUCache<number, readonly VerifiedState[]>({
    maxSize: MAX_LENGTH,
    sizeCalculation: (states) => Math.max(1, lengthOf(states)),
  });

  return {
    async load(userId) {
      const holder = await store.find(userId);
      if (holder === undefined) return undefined;
      const known = statesByUser.get(userId) ?? [];
      const context = { identity: holder.identity as Hash, nonce: holder.nonce };
      const more = known.length < holder.epoch ? await store.states(userId, known.length) : [];
      const read = [...known];
      for (const [at, { signed }] of more.entries()) {
        read.push(trustStoredState(signed, context));
        // An account may have thousands; others get their turn.
        if (at % SLICE === SLICE - 1) await new Promise((proceed) => setImmediate(proceed));
      }
      if (read.length > known.length) statesByUser.set(userId, read);
      const states = read.slice(0, holder.epoch);
      const newest = states.at(-1);
      return newest && { holder, states, newest };
    },
  };
}

import type { SignedState } from "@holdfast/crypto/verify";
import type { CredentialStore, Holder } from "./credential-store.ts";

/** Everything by which a device opens an account. */
export interface StoredCredentials {
  readonly identity: string;
  readonly states: readonly SignedState[];
  readonly slots: readonly string[];
  readonly keyring: string;
}

/** Credentials that belong together, though they are read piece by piece; undefined when the account is gone. */
export async function readCredentials(
  store: CredentialStore,
  userId: number,
  afterEpoch: number,
): Promise<{ readonly holder: Holder; readonly credentials: StoredCredentials } | undefined> {
  for (;;) {
    const holder = await store.find(userId);
    if (holder === undefined) return undefined;
    const states = await store.states(userId, afterEpoch);
    const slots = await store.slots(userId);
    const after = await store.find(userId);
    // A change came in between: what was read may be of two epochs.
    if (after?.epoch !== holder.epoch) continue;
    const credentials = {
      identity: holder.identity,
      states: states.map(({ signed }) => signed),
      slots: slots.map(({ text }) => text),
      keyring: holder.keyring,
    };
    return { holder, credentials };
  }
}

/** What a recovery phrase opens (P4-38): found by the phrase's look-up id, 256 bits that nobody else can name. */
import { parseBase64url } from "@holdfast/crypto/verify";
import { recoveryReference } from "./checked-account.ts";
import type { CredentialStore } from "./credential-store.ts";
import { readCredentials, type StoredCredentials } from "./read-credentials.ts";

export interface Recovery {
  /** Credentials with the recovery slot alone. Throws CryptoError `malformed`. */
  find(lookupId: string): Promise<StoredCredentials | undefined>;
}

export function createRecovery(store: CredentialStore): Recovery {
  return {
    async find(lookupId) {
      const reference = recoveryReference(parseBase64url(lookupId, 32));
      const holder = await store.findByRecovery(reference);
      if (holder === undefined) return undefined;
      const read = await readCredentials(store, holder.userId, 0);
      const slots = await store.slots(holder.userId);
      if (read === undefined) return undefined;
      const own = slots.filter((slot) => slot.kind === "recovery" && slot.reference === reference);
      return { ...read.credentials, slots: own.map(({ text }) => text) };
    },
  };
}

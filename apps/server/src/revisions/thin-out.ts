import type { RevisionStore } from "./revision-store.ts";
import { bodiesToDrop, keptUntouchedSince } from "./retention.ts";

/** Wallets looked at before others get their turn. */
const BATCH = 100;

/** Applies the retention rule (P4-65) to every wallet, and answers how many ciphertexts went. To be called now and then. */
export async function thinOut(store: RevisionStore, nowMs: number): Promise<number> {
  let dropped = 0;
  let last: { readonly userId: number; readonly walletId: string } | undefined;
  for (;;) {
    const wallets = await store.walletsWithOldBodies(keptUntouchedSince(nowMs), BATCH, last);
    for (const { userId, walletId } of wallets) {
      const sequences = bodiesToDrop(await store.ages(userId, walletId), nowMs);
      if (sequences.length > 0) await store.dropBodies(userId, walletId, sequences);
      dropped += sequences.length;
    }
    last = wallets.at(-1);
    if (last === undefined || wallets.length < BATCH) return dropped;
    await new Promise((proceed) => setImmediate(proceed));
  }
}

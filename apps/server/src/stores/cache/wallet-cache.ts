/**
 * Remembers users' newest wallets, within a number of bytes.
 *
 * Invariant: what is remembered is no older than anything that was answered. Every read and write of the store is a
 * visit. What a visit learned replaces an older sequence; where nothing is remembered, it is kept only if no other
 * visit to the same user ended meanwhile, because that one may have learned of something newer.
 */
import { LRUCache } from "lru-cache";
import type { StoredWallet } from "../../wallets/wallet-store.ts";

export interface WalletCache {
  get(userId: number): StoredWallet | undefined;
  /** Call before asking the store, and leave() when it has answered or failed. */
  visit(userId: number): WalletVisit;
}

export interface WalletVisit {
  /** The store named this wallet as the newest, or has just made it that. */
  learned(wallet: StoredWallet | undefined): void;
  /** The store failed, so what it holds now is unknown. */
  failed(): void;
  leave(): void;
}

interface Visitors {
  present: number;
  ended: number;
}

/** Roughly what an entry takes besides its body. */
const ENTRY_BYTES = 300;

export function createWalletCache(maxBytes: number): WalletCache {
  const wallets = new LRUCache<number, StoredWallet>({
    maxSize: maxBytes,
    sizeCalculation: (wallet) => ENTRY_BYTES + wallet.body.byteLength,
  });
  /** Only of users who are being visited, so it stays as small as the number of running calls. */
  const visitorsByUser = new Map<number, Visitors>();

  return {
    get: (userId) => wallets.get(userId),

    visit(userId) {
      const visitors = visitorsByUser.get(userId) ?? { present: 0, ended: 0 };
      visitorsByUser.set(userId, visitors);
      visitors.present += 1;
      const endedBefore = visitors.ended;

      return {
        learned(wallet) {
          if (wallet === undefined) return;
          const known = wallets.peek(userId);
          const isNews =
            known === undefined ? visitors.ended === endedBefore : known.sequence < wallet.sequence;
          if (isNews) wallets.set(userId, wallet);
        },
        failed() {
          wallets.delete(userId);
        },
        leave() {
          visitors.ended += 1;
          visitors.present -= 1;
          if (visitors.present === 0) visitorsByUser.delete(userId);
        },
      };
    },
  };
}

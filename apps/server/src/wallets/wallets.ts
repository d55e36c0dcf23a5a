/**
 * Wallets: the newest one of a user, and replacing it (protocol 3: /wallet).
 *
 * Invariants: of several writers of one sequence exactly one wins; whoever listens hears of a wallet only after it is
 * stored for good, and before the writer gets the answer.
 */
import type { Awaitable } from "../awaitable.ts";
import type { Session } from "../sessions/session-store.ts";
import type { Notices } from "./notices.ts";
import type { NewWallet, ReplaceWalletOutcome, StoredWallet, WalletStore } from "./wallet-store.ts";

export interface Wallets {
  newest(userId: number): Awaitable<StoredWallet | undefined>;
  /** Stores a wallet if its sequence is the stored one + 1 (1 for the first) and the session is still alive by then. */
  replace(session: Session, wallet: NewWallet): Promise<ReplaceWalletOutcome>;
}

/** Builds the wallet rules over a store. `clock` is in milliseconds since 1970. */
export function createWallets(dependencies: {
  readonly store: WalletStore;
  readonly notices: Notices;
  readonly clock: () => number;
}): Wallets {
  const { store, notices, clock } = dependencies;
  return {
    newest: (userId) => store.newest(userId),

    async replace({ userId, tokenHash }, wallet) {
      const outcome = await store.replace({ userId, tokenHash, nowMs: clock(), wallet });
      if (outcome.type === "replaced") notices.walletReplaced(userId, outcome.wallet.sequence);
      return outcome;
    },
  };
}

/**
 * Puts caches for tokens and newest wallets in front of stores, for a process that makes all the writes itself.
 * Whoever uses them cannot tell them from the stores behind, but by the speed.
 */
import type { Stores } from "../stores.ts";
import { createSessionCache } from "./session-cache.ts";
import { createWalletCache, type WalletCache, type WalletVisit } from "./wallet-cache.ts";

export interface CacheLimits {
  /** Default 32 MiB, some 60,000 sessions. */
  readonly maxSessionCacheBytes?: number;
  /** Default 64 MiB. */
  readonly maxWalletCacheBytes?: number;
}

const MIB = 1024 * 1024;

export function createCachedStores(
  { accounts, sessions, wallets, verification, ...protocol4 }: Stores,
  { maxSessionCacheBytes = 32 * MIB, maxWalletCacheBytes = 64 * MIB }: CacheLimits = {},
): Stores {
  const sessionCache = createSessionCache(maxSessionCacheBytes);
  const walletCache = createWalletCache(maxWalletCacheBytes);

  return {
    ...protocol4,
    verification,

    accounts: {
      create: (account) => accounts.create(account),
      findByEmail: (email) => accounts.findByEmail(email),
      isUpgraded: (email) => accounts.isUpgraded(email),
      changePassword: (change) =>
        visiting(walletCache, change.userId, async (visit) => {
          try {
            const outcome = await accounts.changePassword(change);
            if (outcome.type === "changed") visit.learned(outcome.wallet);
            if ("current" in outcome) visit.learned(outcome.current);
            return outcome;
          } finally {
            sessionCache.forgetUser(change.userId);
          }
        }),
    },

    credentials: {
      ...protocol4.credentials,
      // Nothing of protocol 3 is left of an account that was upgraded.
      async upgrade(upgrade) {
        const visit = walletCache.visit(upgrade.userId);
        try {
          return await protocol4.credentials.upgrade(upgrade);
        } finally {
          sessionCache.forgetUser(upgrade.userId);
          visit.failed();
          visit.leave();
        }
      },
    },

    sessions: {
      find: (tokenHash, nowMs) => sessionCache.find(sessions, tokenHash, nowMs),
      removeExpired: (nowMs) => sessions.removeExpired(nowMs),
      async create(session) {
        try {
          return await sessions.create(session);
        } finally {
          sessionCache.forgetDevice(session.userId, session.deviceId);
        }
      },
    },

    wallets: {
      newest(userId) {
        const known = walletCache.get(userId);
        if (known !== undefined) return known;
        return visiting(walletCache, userId, async (visit) => {
          const wallet = await wallets.newest(userId);
          visit.learned(wallet);
          return wallet;
        });
      },
      replace: (request) =>
        visiting(walletCache, request.userId, async (visit) => {
          const outcome = await wallets.replace(request);
          if (outcome.type === "replaced") visit.learned(outcome.wallet);
          if ("current" in outcome) visit.learned(outcome.current);
          return outcome;
        }),
    },
  };
}

async function visiting<Outcome>(
  cache: WalletCache,
  userId: number,
  call: (visit: WalletVisit) => Promise<Outcome>,
): Promise<Outcome> {
  const visit = cache.visit(userId);
  try {
    return await call(visit);
  } catch (error) {
    visit.failed();
    throw error;
  } finally {
    visit.leave();
  }
}

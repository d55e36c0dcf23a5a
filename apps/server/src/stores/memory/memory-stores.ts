/**
 * All stores in memory: the reference that the SQLite stores are compared with, and quick stores for tests of what is
 * built on top. Each call runs to its end before the next one starts, as if in a serial transaction of its own.
 */
import type { Account, AccountStore, NewAccount } from "../../accounts/account-store.ts";
import { emailKey } from "../../accounts/email-key.ts";
import type { SessionStore } from "../../sessions/session-store.ts";
import type { VerificationStore } from "../../verification/verification-store.ts";
import { encodeWallet } from "../../wallets/encode-wallet.ts";
import type { WalletStore } from "../../wallets/wallet-store.ts";
import type { Stores } from "../stores.ts";
import { createMemory, isAlive, type Memory, removeWhere } from "./memory.ts";
import { createMemoryCredentials } from "./protocol-4/memory-credentials.ts";
import { createMemoryDevices } from "./protocol-4/memory-devices.ts";
import { createMemoryRevisions } from "./protocol-4/memory-revisions.ts";
import { createMemoryHostFacts, createMemorySecondFactors } from "./protocol-4/memory-others.ts";

export function createMemoryStores(): Stores {
  const memory = createMemory();
  return {
    accounts: createMemoryAccounts(memory),
    sessions: createMemorySessions(memory),
    wallets: createMemoryWallets(memory),
    verification: createMemoryVerification(memory),
    credentials: createMemoryCredentials(memory),
    devices: createMemoryDevices(memory),
    revisions: createMemoryRevisions(memory),
    secondFactors: createMemorySecondFactors(memory),
    hostFacts: createMemoryHostFacts(memory),
  };
}

function createMemoryAccounts(memory: Memory): AccountStore {
  const find = (email: string): Account | undefined => {
    const key = emailKey(email);
    return [...memory.accounts.values()].find((account) => emailKey(account.email) === key);
  };

  return {
    async create({ verification, ...account }: NewAccount) {
      const key = emailKey(account.email);
      const isHeld = [...memory.holders.values()].some(({ holder }) => emailKey(holder.id) === key);
      if (isHeld || find(account.email) !== undefined) return { type: "email-taken" };
      const userId = (memory.users += 1);
      memory.accounts.set(userId, { ...account, userId, credentialVersion: 1 });
      if (verification !== undefined) {
        const { tokenHash, expiresAtMs } = verification;
        memory.verificationTokens.set(tokenHash, { userId, expiresAtMs });
      }
      return { type: "created", userId };
    },

    async findByEmail(email) {
      return find(email);
    },

    async isUpgraded(email) {
      const key = emailKey(email);
      return [...memory.holders.values()].some(
        ({ holder, isUpgraded }) => isUpgraded && emailKey(holder.id) === key,
      );
    },

    async changePassword({ userId, credentialVersion, passwordHash, clientSaltSeed, wallet }) {
      const account = memory.accounts.get(userId);
      if (account?.credentialVersion !== credentialVersion) return { type: "credentials-changed" };
      const current = memory.wallets.get(userId);
      if (wallet === undefined && current !== undefined) {
        return { type: "wallet-required", current };
      }
      if (wallet !== undefined && wallet.sequence !== (current?.sequence ?? Number.NaN) + 1) {
        return { type: "bad-sequence", current };
      }
      const next = wallet === undefined ? undefined : encodeWallet(wallet);
      if (next !== undefined) memory.wallets.set(userId, next);
      memory.accounts.set(userId, {
        ...account,
        passwordHash,
        clientSaltSeed,
        credentialVersion: credentialVersion + 1,
      });
      removeWhere(memory.sessions, (session) => session.userId === userId);
      return { type: "changed", wallet: next };
    },
  };
}

function createMemorySessions(memory: Memory): SessionStore {
  return {
    async create({ credentialVersion, ...session }) {
      const { userId, deviceId, tokenHash } = session;
      if (memory.accounts.get(userId)?.credentialVersion !== credentialVersion) {
        return { type: "credentials-changed" };
      }
      removeWhere(memory.sessions, (one) => one.userId === userId && one.deviceId === deviceId);
      memory.sessions.set(tokenHash, session);
      return { type: "created" };
    },

    async find(tokenHash, nowMs) {
      const session = memory.sessions.get(tokenHash);
      return isAlive(session, nowMs) ? session : undefined;
    },

    async removeExpired(nowMs) {
      return removeWhere(memory.sessions, (session) => !isAlive(session, nowMs));
    },
  };
}

function createMemoryWallets(memory: Memory): WalletStore {
  return {
    async newest(userId) {
      return memory.wallets.get(userId);
    },

    async replace({ userId, tokenHash, nowMs, wallet }) {
      const session = memory.sessions.get(tokenHash);
      if (session?.userId !== userId || !isAlive(session, nowMs)) return { type: "session-ended" };
      const current = memory.wallets.get(userId);
      if (wallet.sequence !== (current?.sequence ?? 0) + 1) return { type: "conflict", current };
      const next = encodeWallet(wallet);
      memory.wallets.set(userId, next);
      return { type: "replaced", wallet: next };
    },
  };
}

function createMemoryVerification(memory: Memory): VerificationStore {
  return {
    async add({ userId, tokenHash, expiresAtMs }) {
      if (memory.accounts.get(userId)?.verified !== false) return { type: "already-verified" };
      memory.verificationTokens.set(tokenHash, { userId, expiresAtMs });
      return { type: "added" };
    },

    async redeem(tokenHash, nowMs) {
      const token = memory.verificationTokens.get(tokenHash);
      const account = token === undefined ? undefined : memory.accounts.get(token.userId);
      if (account === undefined || !isAlive(token, nowMs)) return { type: "unknown-or-expired" };
      const { userId } = account;
      memory.accounts.set(userId, { ...account, verified: true });
      removeWhere(memory.verificationTokens, (one) => one.userId === userId);
      return { type: "verified", userId };
    },

    async removeExpired(nowMs) {
      return removeWhere(memory.verificationTokens, (token) => !isAlive(token, nowMs));
    },
  };
}

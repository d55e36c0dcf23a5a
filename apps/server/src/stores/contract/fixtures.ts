import type { NewAccount } from "../../accounts/account-store.ts";
import type { NewSession } from "../../sessions/session-store.ts";
import type { NewWallet, StoredWallet } from "../../wallets/wallet-store.ts";
import type { Stores } from "../stores.ts";

export const NOW_MS = 1_800_000_000_000;

export function newAccount(email: string, changes: Partial<NewAccount> = {}): NewAccount {
  return {
    email,
    passwordHash: `hash of ${email}`,
    clientSaltSeed: "5a".repeat(32),
    verified: true,
    ...changes,
  };
}

export function newWallet(sequence: number, changes: Partial<NewWallet> = {}): NewWallet {
  return { encryptedWallet: `wallet ${sequence}`, sequence, hmac: `hmac ${sequence}`, ...changes };
}

export function newSession(userId: number, changes: Partial<NewSession> = {}): NewSession {
  return {
    userId,
    deviceId: "laptop",
    tokenHash: `token of ${userId}`,
    expiresAtMs: NOW_MS + 1000,
    credentialVersion: 1,
    ...changes,
  };
}

/** An account with one live session; answers the user's id and the session's token hash. */
export async function addUser(stores: Stores, email: string) {
  const created = await stores.accounts.create(newAccount(email));
  if (created.type !== "created") throw new Error(`${email} is taken`);
  const { userId } = created;
  const { credentialVersion: _, ...session } = newSession(userId);
  await stores.sessions.create(newSession(userId));
  return { userId, session, tokenHash: session.tokenHash };
}

/** Stores wallets 1 … `count`. */
export async function pushWallets(
  stores: Stores,
  user: { readonly userId: number; readonly tokenHash: string },
  count: number,
): Promise<void> {
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const { userId, tokenHash } = user;
    await stores.wallets.replace({ userId, tokenHash, nowMs: NOW_MS, wallet: newWallet(sequence) });
  }
}

/** What a client reads in a stored wallet. */
export function readWallet(wallet: StoredWallet | undefined): unknown {
  return wallet === undefined ? undefined : JSON.parse(wallet.body.toString("utf8"));
}

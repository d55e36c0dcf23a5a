/**
 * Everything that the host has of a person, and what is inside it (P4K-63): their right, and a copy for a drawer. The text holds
 * the wallets in the clear.
 */
import { openRevision, type WalletId } from "@holdfast/crypto";
import { type HostFailure4, type Locked, misbehaves, type SessionEnded4 } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { ciphertextOf } from "../sync/payload.ts";
import { readVerified } from "../sync/read-verified.ts";
import { keysOf } from "../sync/verify-wallet.ts";
import { showAccount } from "./account-life.ts";
import { listSessions } from "./sessions.ts";

export type ExportOutcome =
  /** JSON */
  { readonly type: "exported"; readonly text: string } | Locked | SessionEnded4 | HostFailure4;

export async function exportAccount(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<ExportOutcome> {
  const { unlocked, record } = account;
  if (unlocked === null) return { type: "locked" };
  const shown = await showAccount(account, signal);
  if (shown.type !== "shown") return shown;
  const listed = await listSessions(account, signal);
  if (listed.type !== "sessions") return listed;
  const wallets: unknown[] = [];
  for (const { walletId, name } of unlocked.keyring.wallets) {
    const wallet = await exportWallet(account, walletId, signal);
    if (wallet.type !== "wallet") return wallet;
    wallets.push({ walletId, name, ...wallet.inside });
  }
  const { account: overview } = shown;
  const { host, states } = record;
  const devices = listed.sessions;
  const text = JSON.stringify({ host, ...overview, devices, states, wallets }, null, 2);
  return { type: "exported", text };
}

async function exportWallet(
  account: HeldAccount,
  walletId: WalletId,
  signal: AbortSignal | undefined,
): Promise<
  | { readonly type: "wallet"; readonly inside: object }
  | Exclude<ExportOutcome, { readonly type: "exported" }>
> {
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const read = await readVerified(account, walletId, signal);
  if (read.type === "empty") return { type: "wallet", inside: {} };
  if (read.type !== "verified") return read;
  const { newest, revision } = read;
  const { sequence, hash, savedAt } = newest;
  const damaged = misbehaves("forged", `revision ${sequence} does not open`);
  const ciphertext = ciphertextOf(revision);
  if (ciphertext === null) return damaged;
  try {
    const { walletKey } = keysOf(unlocked, walletId, newest.generation);
    const content = openRevision(newest, ciphertext, walletKey);
    return { type: "wallet", inside: { sequence, hash, savedAt, ...content } };
  } catch {
    return damaged;
  }
}

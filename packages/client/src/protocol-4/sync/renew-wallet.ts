/**
 * After a rotation (P4K-39): each wallet's newest revision is pushed once more, unchanged, under the new generation, so that
 * its newest text is under keys that no former device has.
 */
import { openRevision, type WalletId } from "@holdfast/crypto";
import {
  type HostFailure4,
  type Locked,
  misbehaves,
  type SessionEnded4,
  type StorageFull4,
} from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { ciphertextOf } from "./payload.ts";
import { pushRevision } from "./push-revision.ts";
import { readVerified } from "./read-verified.ts";
import { sealContent } from "./seal-content.ts";
import { keysOf, openGeneration } from "./verify-wallet.ts";

export type RenewOutcome =
  | { readonly type: "renewed" }
  | { readonly type: "too-large" }
  | StorageFull4
  | Locked
  | SessionEnded4
  | HostFailure4;

/** Goes through what is still to be renewed; may be called again at any time. */
export async function renewWallets(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<RenewOutcome> {
  for (const walletId of account.record.toRenew) {
    const outcome = await renewWallet(account, walletId, signal);
    if (outcome.type !== "renewed") return outcome;
  }
  return { type: "renewed" };
}

async function renewWallet(
  account: HeldAccount,
  walletId: WalletId,
  signal: AbortSignal | undefined,
): Promise<RenewOutcome> {
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const read = await readVerified(account, walletId, signal);
  if (read.type === "empty") return await done(account, walletId);
  if (read.type !== "verified") return read;
  const { newest, revision } = read;
  if (newest.generation === openGeneration(unlocked, walletId))
    return await done(account, walletId);
  const ciphertext = ciphertextOf(revision);
  if (ciphertext === null) return misbehaves("malformed-answer", "its newest revision is no text");
  let content;
  try {
    const { walletKey } = keysOf(unlocked, walletId, newest.generation);
    content = openRevision(newest, ciphertext, walletKey);
  } catch {
    return misbehaves("forged", `revision ${newest.sequence} does not open`);
  }
  const sealed = await sealContent(account, walletId, newest, content);
  const pushed = await pushRevision(account, walletId, sealed, { signal });
  switch (pushed.type) {
    case "stored":
      if (pushed.ref.hash !== sealed.hash)
        return misbehaves("false-receipt", "it says it stored another revision than the one sent");
      return await done(account, walletId);
    case "conflict":
      // Somebody else was faster, and can only have written under the new keys.
      return await done(account, walletId);
    case "too-large":
    case "storage-full":
    case "session-ended":
    case "unreachable":
    case "host-misbehaves":
    case "host-failed":
    case "host-refused":
    case "rate-limited":
      return pushed;
  }
}

async function done(account: HeldAccount, walletId: WalletId): Promise<RenewOutcome> {
  const { toRenew } = account.record;
  await account.save({ toRenew: toRenew.filter((one) => one !== walletId) });
  return { type: "renewed" };
}

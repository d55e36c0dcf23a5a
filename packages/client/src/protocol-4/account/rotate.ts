/**
 * Rotation (P4K-39): after a device was lost. New keys for everything and always a new password; each wallet's generation
 * closes at its newest revision, which is then pushed once more under the new keys.
 */
import { type Hash, type RecoveryEntropy, rotateAccount, type WalletId } from "@holdfast/crypto";
import type { HeldAccount } from "../record/held-account.ts";
import type { HostFailure4, SessionEnded4 } from "../outcomes.ts";
import { type ChangeOutcome4, sendChange, settleChange } from "./change.ts";
import { phraseSlots } from "./register.ts";
import { environmentOf, makePasswordSlot } from "./set-password.ts";
import { contactHost } from "../sync/contact.ts";
import { renewWallets, type RenewOutcome } from "../sync/renew-wallet.ts";
import { readVerified } from "../sync/read-verified.ts";

/** A wallet that is pushed to all the time is waited for so many times. */
const maxRounds = 5;

export type RotateOutcome =
  /** `renewed`: whether every wallet's newest revision is under the new keys already (`renewWallets` goes on) */
  | { readonly type: "rotated"; readonly renewed: RenewOutcome }
  | Exclude<ChangeOutcome4, { readonly type: "changed" }>;

export type Rotation4 = {
  readonly newPassword: string;
  /** words that were shown to the person; without, no words open the account any more */
  readonly phrase?: RecoveryEntropy;
  readonly signal?: AbortSignal;
};

export async function rotate(
  account: HeldAccount,
  { newPassword, phrase, signal }: Rotation4,
): Promise<RotateOutcome> {
  const settled = await settleChange(account, { signal });
  if (settled.type !== "changed" && settled.type !== "not-changed") return settled;
  let outcome: ChangeOutcome4 = { type: "not-changed", reason: "head-moved", detail: "" };
  for (let round = 0; round < maxRounds; round += 1) {
    outcome = await rotateOnce(account, newPassword, phrase, signal);
    if (outcome.type !== "not-changed" || outcome.reason !== "head-moved") break;
  }
  if (outcome.type !== "changed") return outcome;
  return { type: "rotated", renewed: await renewWallets(account, signal) };
}

async function rotateOnce(
  account: HeldAccount,
  newPassword: string,
  phrase: RecoveryEntropy | undefined,
  signal: AbortSignal | undefined,
): Promise<ChangeOutcome4> {
  const contact = await contactHost(account, signal);
  if (contact.type !== "in-touch") return contact;
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const heads = await newestHeads(account, signal);
  if (!(heads instanceof Map)) return heads;
  const made = await makePasswordSlot(account, newPassword, signal);
  if (made.type !== "slot") return made;
  const slots = [made.slot, ...phraseSlots(phrase)];
  const changed = rotateAccount(unlocked, { slots, heads }, environmentOf(account));
  const toRenew = [...heads].flatMap(([walletId, hash]) => (hash === null ? [] : [walletId]));
  return await sendChange(account, {
    changed,
    password: made.password,
    meanwhile: { toRenew },
    signal,
  });
}

/** Every wallet's newest header, verified from what this device remembers of it: what the host says alone closes no generation. */
async function newestHeads(
  account: HeldAccount,
  signal: AbortSignal | undefined,
): Promise<Map<WalletId, Hash | null> | HostFailure4 | SessionEnded4> {
  const heads = new Map<WalletId, Hash | null>();
  for (const { walletId } of account.newest.wallets) {
    const read = await readVerified(account, walletId, signal);
    if (read.type === "locked") return { type: "session-ended" };
    if (read.type !== "verified" && read.type !== "empty") return read;
    heads.set(walletId, read.type === "empty" ? null : read.newest.hash);
  }
  return heads;
}

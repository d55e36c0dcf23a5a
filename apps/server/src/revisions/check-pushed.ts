/** The check of pushed revisions against what the host has (P4-50 …), made before anything is written. */
import {
  checkRevisionsInSteps,
  type Hash,
  type PublicKey,
  type RevisionsOutcome,
  type Signed,
  type VerifiedHeader,
  type VerifiedState,
  walletGenerations,
  type WalletId,
} from "@holdfast/crypto/verify";
import { quickCheck } from "../credentials/quick-check.ts";
import { runInSlices } from "./in-slices.ts";
import type { AppendedRevisions, RevisionStore, StoredHead } from "./revision-store.ts";

/** One revision, or when healing the headers that the host lacks with the newest's ciphertext. */
export interface PushedRevisions {
  readonly walletId: string;
  readonly headers: readonly Signed[];
  readonly encryptedWallet: Uint8Array;
  /** By generation. */
  readonly certificates: ReadonlyMap<number, Signed>;
  readonly keepsPrevious: boolean;
}

export type CheckPushedOutcome =
  | { readonly type: "accepted"; readonly revisions: AppendedRevisions }
  | Exclude<RevisionsOutcome, { readonly type: "accepted" }>;

/** `states` are all of the account's, from the first. */
export async function checkPushed(
  store: RevisionStore,
  userId: number,
  states: readonly VerifiedState[],
  pushed: PushedRevisions,
  maxBytes: number,
): Promise<CheckPushedOutcome & { readonly head: StoredHead | undefined }> {
  const { walletId, headers, encryptedWallet, certificates, keepsPrevious } = pushed;
  const newest = states.at(-1);
  const stored = await store.head(userId, walletId);
  const known = (await store.writerKeys(userId, walletId)) as ReadonlyMap<number, PublicKey>;
  if (newest === undefined) return { type: "missing-link", position: 1, head: stored };
  const steps = checkRevisionsInSteps({
    identity: newest.account.identity,
    walletId: walletId as WalletId,
    generations: walletGenerations(states, walletId as WalletId),
    epoch: newest.epoch,
    head: stored && { ...stored, hash: stored.hash as Hash },
    headers,
    encryptedWallet,
    maxBytes,
    writerKeys: known,
    certificates,
    stateAt: (epoch) => states[epoch - 1],
    quickCheck,
  });
  const outcome = await runInSlices(steps);
  if (outcome.type !== "accepted") return { ...outcome, head: stored };
  const revisions: AppendedRevisions = {
    walletId,
    head: stored?.hash,
    headers: outcome.fresh.map(toStoredHeader),
    encryptedWallet,
    writerKeys: [...outcome.certified].map(([generation, key]) => ({ generation, key })),
    keepsPrevious,
  };
  return { type: "accepted", revisions, head: stored };
}

function toStoredHeader(header: VerifiedHeader) {
  const { sequence, hash, generation, epoch, deviceId, signed } = header;
  return { sequence, hash, generation, epoch, deviceId, ...signed };
}

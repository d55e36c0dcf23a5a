/**
 * A wallet's headers as they come, page by page (P4K-51, P4K-52). However long a history is, a device verifies all of it and
 * keeps little: part after part is verified from where the last one ended, and only the newest headers stay.
 */
import type { Signed, UnlockedAccount, WalletId } from "@holdfast/crypto";
import { type HeadersAnswer, limits4 } from "@holdfast/protocol/protocol-4";
import type { RevisionRef } from "../../engine/index.ts";
import type { HostFailure4, HostMisbehaves4, Locked, SessionEnded4 } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { type HeaderChain, verifyPart, type WalkedChain } from "./verify-wallet.ts";

/** A header, with what the host says beside it: when it came, and whether its body is still there. */
export type ListedHeader = HeadersAnswer["headers"][number];

/** Headers that are verified together. The last one's signature is checked, so no host can go on for ever with its own. */
export const headersPerPart = 4096;

type ChainToFetch = {
  readonly since: RevisionRef;
  /** the sequence of the newest header that is wanted */
  readonly upTo: number;
  readonly signal?: AbortSignal | undefined;
  /** sees every header in order, before it is verified */
  readonly onHeader?: ((listed: ListedHeader, sequence: number) => void) | undefined;
};

export type FetchChainOutcome =
  | { readonly type: "chain"; readonly chain: HeaderChain<ListedHeader> }
  | { readonly type: "unknown-wallet" }
  | Locked
  | SessionEnded4
  | HostFailure4;

/** The headers from `since` on, `since` itself included. What is not walked yet is for the caller to verify. */
export async function fetchChain(
  account: HeldAccount,
  walletId: WalletId,
  { since, upTo, signal, onHeader }: ChainToFetch,
): Promise<FetchChainOutcome> {
  const { api, token, unlocked } = account;
  if (token === null) return { type: "session-ended" };
  if (unlocked === null) return { type: "locked" };
  const after = Math.max(0, since.sequence - 1);
  let walked: WalkedChain | undefined;
  let kept: ListedHeader[] = [];
  for (let seen = 0; after + seen < upTo;) {
    const answered = await api.call("listRevisions", {
      path: { walletId },
      query: { after: after + seen, limit: limits4.headersPerPage },
      token,
      signal,
    });
    if (answered.type === "problem") return { type: "unknown-wallet" };
    if (answered.type !== "answer") return answered;
    const { headers } = answered.value;
    if (headers.length === 0) break;
    for (const [at, listed] of headers.entries()) onHeader?.(listed, after + seen + at + 1);
    seen += headers.length;
    kept = [...kept, ...headers];
    if (kept.length < 2 * headersPerPart) continue;
    const part = kept.slice(0, headersPerPart).map(({ header }) => header);
    const outcome = walkOn({ account, unlocked, walletId, since }, walked, part);
    if (outcome.type !== "walked") return outcome;
    ({ walked } = outcome);
    kept = kept.slice(headersPerPart);
  }
  return { type: "chain", chain: { walked, headers: kept } };
}

type Walk = {
  readonly account: HeldAccount;
  readonly unlocked: UnlockedAccount;
  readonly walletId: WalletId;
  readonly since: RevisionRef;
};

function walkOn(
  walk: Walk,
  walked: WalkedChain | undefined,
  part: readonly Signed[],
): { readonly type: "walked"; readonly walked: WalkedChain } | HostMisbehaves4 {
  const { account, unlocked, walletId, since } = walk;
  const outcome = verifyPart(account, unlocked, walletId, since, { walked, headers: part });
  if (outcome.type !== "verified") return outcome;
  const { newest, fresh } = outcome;
  const { sequence, hash, generation, epoch } = newest;
  const root = walked?.root ?? fresh.slice(0, rootLength).map(refOf);
  return { type: "walked", walked: { head: { sequence, hash, generation, epoch }, root } };
}

/** As many as a line keeps of its beginning. */
const rootLength = 16;

function refOf({ sequence, hash }: RevisionRef): RevisionRef {
  return { sequence, hash };
}

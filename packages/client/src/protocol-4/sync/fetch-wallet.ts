/** A wallet as a host shows it, nothing of it verified yet: the newest revision, and the headers that lead to it. */
import { CryptoError, hashText, parseHeader, type Signed, type WalletId } from "@holdfast/crypto";
import type { Revision } from "@holdfast/protocol/protocol-4";
import type { RevisionRef } from "../../engine/index.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { type HostFailure4, type Locked, misbehaves, type SessionEnded4 } from "../outcomes.ts";
import { fetchChain } from "./header-chain.ts";
import type { HeaderChain } from "./verify-wallet.ts";

export type ShownWallet = {
  readonly type: "shown";
  readonly revision: Revision;
  /** as its header says */
  readonly ref: RevisionRef;
  /** from the one that is remembered (or the first) up to the newest */
  readonly chain: HeaderChain;
};

export type FetchWalletOutcome =
  | ShownWallet
  | { readonly type: "empty" }
  /** the account has no such wallet on this host */
  | { readonly type: "unknown-wallet" }
  | Locked
  | SessionEnded4
  | HostFailure4;

/** The newest revision, and all headers from `since` on, `since` itself included. */
export async function fetchWallet(
  account: HeldAccount,
  walletId: WalletId,
  since: RevisionRef,
  signal?: AbortSignal,
): Promise<FetchWalletOutcome> {
  const { api, token } = account;
  if (token === null) return { type: "session-ended" };
  const answered = await api.call("getWallet", { path: { walletId }, token, signal });
  if (answered.type === "problem")
    return { type: answered.code === "no-revision" ? "empty" : "unknown-wallet" };
  if (answered.type !== "answer") return answered;
  if (answered.status !== 200)
    return misbehaves("malformed-answer", "its answer says that nothing changed, and nobody asked");
  return await completeWallet(account, walletId, answered.value, since, signal);
}

/** The headers that lead to a revision which the host showed. */
export async function completeWallet(
  account: HeldAccount,
  walletId: WalletId,
  revision: Revision,
  since: RevisionRef,
  signal?: AbortSignal,
): Promise<FetchWalletOutcome> {
  const ref = refOf(revision.header);
  if (ref === null) return misbehaves("malformed-answer", "its newest revision has no header");
  const { header } = revision;
  const alone = { walked: undefined, headers: [header] };
  if (ref.sequence <= since.sequence) return { type: "shown", revision, ref, chain: alone };
  const fetched = await fetchChain(account, walletId, { since, upTo: ref.sequence, signal });
  if (fetched.type !== "chain") return fetched;
  const { walked, headers } = fetched.chain;
  const first = walked === undefined ? Math.max(1, since.sequence) : walked.head.sequence + 1;
  // The list ends with the very revision that was shown: what was pushed meanwhile is for the next look.
  const before = headers.slice(0, Math.max(0, ref.sequence - first)).map((one) => one.header);
  return { type: "shown", revision, ref, chain: { walked, headers: [...before, header] } };
}

/** What a header says of itself; null: it is none. Nothing of it is verified. */
function refOf(header: Signed): RevisionRef | null {
  try {
    return { sequence: parseHeader(header.body).sequence, hash: hashText(header.body) };
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}

/** A wallet as a host shows it, nothing of it verified yet: the newest revision, and the headers that lead to it. */
import { CryptoError, hashText, parseHeader, type Signed, type WalletId } from "@holdfast/crypto";
import { type HeadersAnswer, limits4, type Revision } from "@holdfast/protocol/protocol-4";
import type { RevisionRef } from "../../engine/index.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { type HostFailure4, misbehaves, type SessionEnded4 } from "../outcomes.ts";

/** Headers are asked for page by page: 100,000 of them at most. */
const maxPages = 200;

export type ShownWallet = {
  readonly type: "shown";
  readonly revision: Revision;
  /** as its header says */
  readonly ref: RevisionRef;
  /** oldest first, from the one that is remembered (or the first) up to the newest */
  readonly headers: readonly Signed[];
};

export type FetchWalletOutcome =
  | ShownWallet
  | { readonly type: "empty" }
  /** the account has no such wallet on this host */
  | { readonly type: "unknown-wallet" }
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
  if (ref.sequence <= since.sequence) return { type: "shown", revision, ref, headers: [header] };
  const after = Math.max(0, since.sequence - 1);
  const listed = await listHeaders(account, walletId, after, ref.sequence, signal);
  if (listed.type !== "headers") return listed;
  // The list ends with the very revision that was shown: what was pushed meanwhile is for the next look.
  const headers = listed.headers
    .filter((_, at) => after + at + 1 < ref.sequence)
    .map((listed) => listed.header);
  return { type: "shown", revision, ref, headers: [...headers, header] };
}

/** A header, with what the host says beside it: when it came, and whether its body is still there. */
export type ListedHeader = HeadersAnswer["headers"][number];

/** Headers after one sequence up to another one, both as the host counts them. */
export async function listHeaders(
  { api, token }: HeldAccount,
  walletId: WalletId,
  after: number,
  upTo: number,
  signal?: AbortSignal,
): Promise<
  | { readonly type: "headers"; readonly headers: readonly ListedHeader[] }
  | { readonly type: "unknown-wallet" }
  | SessionEnded4
  | HostFailure4
> {
  if (token === null) return { type: "session-ended" };
  const headers: ListedHeader[] = [];
  for (let page = 0; page < maxPages && after + headers.length < upTo; page += 1) {
    const answered = await api.call("listRevisions", {
      path: { walletId },
      query: { after: after + headers.length, limit: limits4.headersPerPage },
      token,
      signal,
    });
    if (answered.type === "problem") return { type: "unknown-wallet" };
    if (answered.type !== "answer") return answered;
    if (answered.value.headers.length === 0) break;
    headers.push(...answered.value.headers);
  }
  return { type: "headers", headers };
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

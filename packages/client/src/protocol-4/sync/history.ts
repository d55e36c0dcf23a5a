/**
 * A wallet's history (P4K-58): headers as this device verifies them, an older revision opened to look at, and its content to
 * be taken up again, which is an edit on top of the newest revision and never a step back in the chain.
 */
import {
  openRevision,
  type Signed,
  trustStoredHeader,
  type VerifiedHeader,
  type WalletId,
} from "@holdfast/crypto";
import { type Content, joinContent, type WalletFormat } from "@holdfast/wallet/merge";
import { type HostFailure4, type Locked, misbehaves, type SessionEnded4 } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { fetchChain, type ListedHeader } from "./header-chain.ts";
import { ciphertextOf } from "./payload.ts";
import { readVerified } from "./read-verified.ts";
import { keysOf, verifyWallet } from "./verify-wallet.ts";

export type HistoryEntry = {
  readonly sequence: number;
  readonly hash: string;
  readonly deviceId: string;
  /** by the writing device's clock */
  readonly savedAt: number;
  /** by the host's clock, and by its word alone */
  readonly storedAt: number;
  /** whether the host says that it still has the text */
  readonly hasBody: boolean;
  readonly generation: number;
};

export type HistoryOutcome =
  | { readonly type: "history"; readonly entries: readonly HistoryEntry[] }
  | Locked
  | SessionEnded4
  | HostFailure4;

/** The revisions of the chain that leads to the newest one, newest first; of a very long one the newest thousands. */
export async function listHistory(
  account: HeldAccount,
  walletId: WalletId,
  signal?: AbortSignal,
): Promise<HistoryOutcome> {
  const chain = await readChain(account, walletId, signal);
  if (chain.type !== "chain") return chain;
  const entries = chain.listed.map(({ header, storedAt, hasBody }): HistoryEntry => {
    const { sequence, hash, deviceId, savedAt, generation } = trustStoredHeader(header);
    return { sequence, hash, deviceId, savedAt, storedAt, hasBody, generation };
  });
  return { type: "history", entries: entries.reverse() };
}

export type OldRevisionOutcome<Document> =
  | { readonly type: "opened"; readonly content: Content<Document>; readonly savedAt: number }
  | { readonly type: "no-revision" }
  /** the host keeps this revision's header only */
  | { readonly type: "body-gone" }
  | { readonly type: "undecodable" }
  | Exclude<HistoryOutcome, { readonly type: "history" }>;

export async function openOldRevision<Document>(
  account: HeldAccount,
  walletId: WalletId,
  format: WalletFormat<Document>,
  sequence: number,
  signal?: AbortSignal,
): Promise<OldRevisionOutcome<Document>> {
  const { api, token, unlocked } = account;
  const wanted: { header?: Signed } = {};
  const chain = await readChain(account, walletId, signal, (listed, at) => {
    if (at === sequence) wanted.header = listed.header;
  });
  if (chain.type !== "chain") return chain;
  if (unlocked === null) return { type: "locked" };
  if (token === null) return { type: "session-ended" };
  if (wanted.header === undefined || sequence > chain.newest) return { type: "no-revision" };
  const header = trustStoredHeader(wanted.header);
  const path = { walletId, sequence };
  const answered = await api.call("getRevision", { path, token, signal });
  if (answered.type === "problem") {
    if (answered.code === "unknown-wallet") return { type: "no-revision" };
    return { type: answered.code };
  }
  if (answered.type !== "answer") return answered;
  const ciphertext = ciphertextOf(answered.value);
  const opened = ciphertext && open(unlocked, walletId, header, ciphertext);
  if (!opened)
    return misbehaves("forged", `what it shows as revision ${sequence} is not that revision`);
  if (opened.format !== format.name) return { type: "undecodable" };
  try {
    return { type: "opened", content: joinContent(format, opened), savedAt: header.savedAt };
  } catch {
    return { type: "undecodable" };
  }
}

function open(
  unlocked: NonNullable<HeldAccount["unlocked"]>,
  walletId: WalletId,
  header: VerifiedHeader,
  ciphertext: Uint8Array,
) {
  try {
    return openRevision(
      header,
      ciphertext,
      keysOf(unlocked, walletId, header.generation).walletKey,
    );
  } catch {
    return null;
  }
}

/** The whole chain from the first header to the newest, verified; what is kept of it. */
async function readChain(
  account: HeldAccount,
  walletId: WalletId,
  signal: AbortSignal | undefined,
  onHeader?: (listed: ListedHeader, sequence: number) => void,
): Promise<
  | {
      readonly type: "chain";
      readonly listed: readonly ListedHeader[];
      /** the sequence of the newest; 0: there is none */
      readonly newest: number;
    }
  | Exclude<HistoryOutcome, { readonly type: "history" }>
> {
  const read = await readVerified(account, walletId, signal);
  if (read.type === "empty") return { type: "chain", listed: [], newest: 0 };
  if (read.type !== "verified") return read;
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const { sequence, hash } = read.newest;
  const since = { sequence: 0, hash: "" };
  const fetched = await fetchChain(account, walletId, { since, upTo: sequence, signal, onHeader });
  if (fetched.type === "unknown-wallet")
    return misbehaves("rollback", "it does not know a wallet that it has just shown");
  if (fetched.type !== "chain") return fetched;
  const { walked } = fetched.chain;
  const listed = fetched.chain.headers.slice(0, sequence - (walked?.head.sequence ?? 0));
  const headers = listed.map(({ header }) => header);
  const verified = verifyWallet(account, unlocked, walletId, since, { walked, headers });
  if (verified.type !== "verified") return verified;
  if (verified.newest.hash !== hash)
    return misbehaves("fork", "its history leads to another revision than the newest one");
  return { type: "chain", listed, newest: sequence };
}

/** Sending a sealed revision (P4K-55, P4K-56): the same bytes as often as it takes, and never a receipt for others believed. */
import { trustStoredHeader, type WalletId } from "@holdfast/crypto";
import { conflictMember } from "@holdfast/protocol/protocol-4";
import type { PushOutcome, RevisionRef, SealedRevision } from "../../engine/index.ts";
import type { HeldAccount } from "../record/held-account.ts";
import {
  type HostFailure4,
  misbehaves,
  type SessionEnded4,
  type StorageFull4,
} from "../outcomes.ts";
import { completeWallet } from "./fetch-wallet.ts";
import { decodePayload, encodePayload } from "./payload.ts";
import { changeHistory, rememberWallet } from "./remember-wallet.ts";
import { parseHistory, withCertificate } from "./wallet-memory.ts";

export type PushRevisionOutcome =
  | { readonly type: "stored"; readonly ref: RevisionRef }
  | Extract<PushOutcome, { readonly type: "conflict" | "too-large" }>
  | StorageFull4
  | SessionEnded4
  | HostFailure4;

type Sent = NonNullable<ReturnType<typeof decodePayload>>;

/** A revision of less than half the size drops much, perhaps by mistake: the one before it stays readable. */
const shrinkFactor = 2;

export async function pushRevision(
  account: HeldAccount,
  walletId: WalletId,
  revision: SealedRevision,
  { isRestore = false, signal }: { isRestore?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<PushRevisionOutcome> {
  const { api, token } = account;
  const sent = decodePayload(revision);
  if (token === null) return { type: "session-ended" };
  if (sent === null) throw new TypeError("only sealed revisions of protocol 4 are pushed");
  const { revision: body, certificate } = sent;
  const before = await previousSize(account, walletId);
  const keepsPrevious = isRestore || body.encryptedWallet.length * shrinkFactor < before;
  const answered = await api.call("putWallet", {
    path: { walletId },
    body: {
      ...body,
      ...(certificate && { certificate }),
      ...(keepsPrevious && { keepsPrevious }),
    },
    token,
    signal,
  });
  if (answered.type === "answer") {
    const { sequence, hash } = answered.value;
    const isIt = sequence === revision.sequence && hash === revision.hash;
    // What the host stored is remembered only if it is what was sent.
    if (isIt) await rememberPushed(account, walletId, sent);
    return { type: "stored", ref: { sequence, hash } };
  }
  if (answered.type !== "problem") return answered;
  switch (answered.code) {
    case "conflict":
      return await conflictOf(account, walletId, sent, answered.members["current"], signal);
    // The host's states are older or newer than those this was sealed under: the next look tells.
    case "wrong-generation":
    case "unknown-epoch":
      return { type: "conflict" };
    case "too-large":
      return { type: "too-large" };
    case "storage-full":
      return { type: "storage-full", maxBytes: sizeOf(answered.members["maxBytes"]) };
    case "unknown-wallet":
      return misbehaves("rollback", "it does not know a wallet that this account has");
    case "refused-revision":
      return { type: "host-refused", status: 422, code: answered.code, detail: answered.detail };
  }
}

/** The newest revision came along: with the headers that lead to it, the engine can open it at once. */
async function conflictOf(
  account: HeldAccount,
  walletId: WalletId,
  { revision }: Sent,
  current: unknown,
  signal: AbortSignal | undefined,
): Promise<Extract<PushOutcome, { readonly type: "conflict" }>> {
  const newest = conflictMember.safeParse(current).data;
  if (newest === undefined) return { type: "conflict" };
  const { sequence, parent = "" } = trustStoredHeader(revision.header);
  const since = { sequence: sequence - 1, hash: parent };
  const shown = await completeWallet(account, walletId, newest, since, signal);
  if (shown.type !== "shown") return { type: "conflict" };
  const { ref, chain } = shown;
  return { type: "conflict", head: { revision: encodePayload(ref, newest), proof: chain } };
}

/** A revision of our own enters the memory as the newest one. */
export async function rememberPushed(
  account: HeldAccount,
  walletId: WalletId,
  { revision, certificate }: Sent,
): Promise<void> {
  const newest = trustStoredHeader(revision.header);
  const { encryptedWallet } = revision;
  await rememberWallet(account, walletId, {
    newest,
    fresh: [newest],
    encryptedWallet,
    upgradedFrom: undefined,
  });
  if (certificate !== null)
    await changeHistory(account, walletId, (history) =>
      withCertificate(history, newest.generation, certificate),
    );
}

function sizeOf(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

async function previousSize({ ports }: HeldAccount, walletId: WalletId): Promise<number> {
  return parseHistory(await ports.store.loadWallet(walletId)).encryptedWallet.length;
}

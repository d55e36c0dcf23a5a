/** The host's answers in the engine's terms. */
import type {
  FetchOutcome,
  PasswordChangeOutcome,
  PushOutcome,
  RequestFailure,
  SealedRevision,
} from "@holdfast/client/engine";
import { hashWallet } from "../crypto/model-keys.ts";
import { headersIn, textIn, walletIn } from "./wire.ts";
import type { HostAnswer, StoredWallet } from "./wire.ts";

export function sealedRevision(wallet: StoredWallet): SealedRevision {
  const { sequence, encryptedWallet, hmac, parent, epoch } = wallet;
  const chained = parent === undefined ? {} : { parent, epoch: String(epoch) };
  return {
    sequence,
    hash: hashWallet(wallet),
    payload: { encryptedWallet, hmac, ...chained },
    sizeBytes: encryptedWallet.length,
  };
}

export function walletOf({ payload, sequence }: SealedRevision): StoredWallet {
  const { encryptedWallet = "", hmac = "", parent, epoch } = payload;
  if (parent === undefined) return { encryptedWallet, hmac, sequence };
  return { encryptedWallet, hmac, sequence, parent, epoch: Number(epoch) };
}

export function fetchOutcome(answer: HostAnswer | null): FetchOutcome {
  if (answer?.status === 404 && textIn(answer.body, "error") === "Not Found: No wallet")
    return { type: "empty" };
  const wallet = answer?.status === 200 ? walletIn(answer.body) : null;
  if (wallet === null) return failure(answer);
  const head = { revision: sealedRevision(wallet), proof: headersIn(answer?.body) };
  return { type: "head", head };
}

/** `hasProof` false: a protocol whose refusals do not tell the newest revision, or not in a way that could be checked. */
export function pushOutcome(answer: HostAnswer | null, hasProof: boolean): PushOutcome {
  const wallet = walletIn(answer?.body);
  const stored = wallet === null ? null : sealedRevision(wallet);
  if (answer?.status === 200)
    return stored === null ? { type: "accepted" } : { type: "accepted", stored };
  if (answer?.status === 409)
    return stored === null || !hasProof
      ? { type: "conflict" }
      : { type: "conflict", head: { revision: stored } };
  if (answer?.status === 413) return { type: "too-large" };
  return failure(answer);
}

export function passwordChangeOutcome(answer: HostAnswer | null): PasswordChangeOutcome["type"] {
  const status = answer?.status ?? 0;
  if (status === 200) return "changed";
  if (status === 401) return "refused";
  if (status === 409) return "conflict";
  return status === 413 ? "too-large" : "unknown";
}

function failure(answer: HostAnswer | null): RequestFailure {
  if (answer === null) return { type: "unreachable" };
  if (answer.status === 401) return { type: "unauthorized" };
  if (answer.status === 429 || answer.status === 503) return { type: "busy", retryAfterMs: 5000 };
  return { type: "garbled" };
}

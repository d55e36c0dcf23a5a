/** Protocol 3 as a client sees it: the host's answers in the engine's terms. */
import type {
  FetchOutcome,
  PasswordChangeOutcome,
  PushOutcome,
  RequestFailure,
  SealedRevision,
} from "@holdfast/client/engine";
import { hashWallet } from "../crypto/model-keys.ts";
import { textIn, walletIn } from "./wire.ts";
import type { HostAnswer, StoredWallet } from "./wire.ts";

export function sealedRevision(wallet: StoredWallet): SealedRevision {
  const { sequence, encryptedWallet, hmac } = wallet;
  return {
    sequence,
    hash: hashWallet(wallet),
    payload: { encryptedWallet, hmac },
    sizeBytes: encryptedWallet.length,
  };
}

export function walletOf(revision: SealedRevision): StoredWallet {
  const { encryptedWallet = "", hmac = "" } = revision.payload;
  return { encryptedWallet, hmac, sequence: revision.sequence };
}

export function fetchOutcome(answer: HostAnswer | null): FetchOutcome {
  if (answer?.status === 404 && textIn(answer.body, "error") === "Not Found: No wallet")
    return { type: "empty" };
  const wallet = answer?.status === 200 ? walletIn(answer.body) : null;
  if (wallet === null) return failure(answer);
  return { type: "head", head: { revision: sealedRevision(wallet) } };
}

export function pushOutcome(answer: HostAnswer | null): PushOutcome {
  const wallet = walletIn(answer?.body);
  const stored = wallet === null ? null : sealedRevision(wallet);
  if (answer?.status === 200)
    return stored === null ? { type: "accepted" } : { type: "accepted", stored };
  if (answer?.status === 409)
    return stored === null
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

/**
 * Opening the newest revision (P4K-51): first the chain from what is remembered, then the ciphertext. Where the chain does not
 * hold, the revision can still be looked at, with the line that stands behind it, so that the engine names what is wrong.
 */
import { openRevision, type RevisionContent, type WalletId } from "@holdfast/crypto";
import { type Content, joinContent, type WalletFormat } from "@holdfast/wallet/merge";
import type { OpenOutcome, ReportedHead, RevisionRef } from "../../engine/index.ts";
import { misbehaves } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { ciphertextOf, decodePayload } from "./payload.ts";
import { type ContactFailure, problemOf } from "./problem-of.ts";
import { rememberWallet } from "./remember-wallet.ts";
import { type HeaderChain, keysOf, verifyUnchained, verifyWallet } from "./verify-wallet.ts";

type WalletToRead<Document> = {
  readonly account: HeldAccount;
  readonly walletId: WalletId;
  readonly format: WalletFormat<Document>;
  readonly onReport: (report: ContactFailure) => void;
};

export async function openHead<Document>(
  { account, walletId, format, onReport }: WalletToRead<Document>,
  { revision, proof }: ReportedHead,
  since: RevisionRef,
): Promise<OpenOutcome<Content<Document>>> {
  const { unlocked } = account;
  const received = decodePayload(revision);
  if (unlocked === null || received === null) return rejected("undecodable");
  const { header, encryptedWallet } = received.revision;
  const chain = isChain(proof) ? proof : { walked: undefined, headers: [header] };
  const point = rememberedPoint(account, walletId, since);
  const chained = verifyWallet(account, unlocked, walletId, point, chain);
  if (chained.type !== "verified") {
    onReport(chained);
    // With a memory of its own, the engine names it; what a pairing told is known here only.
    const isEngines = since.sequence > 0 && problemOf(chained.fault) !== "not-authentic";
    if (!isEngines) return rejected(problemOf(chained.fault));
  }
  const isChained = chained.type === "verified";
  const verified = isChained ? chained : verifyUnchained(account, unlocked, walletId, chain);
  if (verified.type !== "verified") return rejected("not-authentic");
  const { newest, fresh } = verified;
  const ciphertext = ciphertextOf(received.revision);
  if (ciphertext === null || newest.hash !== revision.hash) return rejected("not-authentic");
  const opened = openContent(format, () =>
    openRevision(newest, ciphertext, keysOf(unlocked, walletId, newest.generation).walletKey),
  );
  if (opened.type !== "opened") {
    if (!isChained) return rejected(problemOf(chained.fault));
    onReport(misbehaves("forged", `revision ${newest.sequence} does not open`));
    return rejected(opened.type);
  }
  if (isChained) {
    const { upgradedFrom } = opened;
    await rememberWallet(account, walletId, { newest, fresh, encryptedWallet, upgradedFrom });
  }
  const remembered = isChained && since.sequence > 0 ? [since] : [];
  const root = isChained ? (chain.walked?.root ?? []) : [];
  const line = [...remembered, ...root, ...fresh]
    .filter(({ sequence }) => sequence < newest.sequence)
    .map(refOf);
  return { type: "opened", content: opened.content, line, epoch: newest.epoch };
}

/** The engine's own memory, or, where it has none yet, what the account was told of the wallet (by a pairing). */
export function rememberedPoint(
  { record }: HeldAccount,
  walletId: WalletId,
  since: RevisionRef,
): RevisionRef {
  return since.sequence > 0 ? since : (record.wallets[walletId] ?? { sequence: 0, hash: "" });
}

type Rejected = Extract<OpenOutcome<never>, { type: "rejected" }>;

function rejected(problem: Rejected["problem"] | "false-receipt" | null): Rejected {
  const isOther = problem === null || problem === "false-receipt";
  return { type: "rejected", problem: isOther ? "not-authentic" : problem };
}

/** What `fetchHead` made; it never left this process. */
function isChain(proof: unknown): proof is HeaderChain {
  return typeof proof === "object" && proof !== null && "headers" in proof;
}

function refOf({ sequence, hash }: RevisionRef): RevisionRef {
  return { sequence, hash };
}

type OpenedContent<Document> =
  | {
      readonly type: "opened";
      readonly content: Content<Document>;
      readonly upgradedFrom: RevisionContent["upgradedFrom"];
    }
  | { readonly type: "not-authentic" }
  | { readonly type: "undecodable" };

/** What does not open was not sealed by this account; what opens and makes no wallet was, and is named differently. */
function openContent<Document>(
  format: WalletFormat<Document>,
  open: () => RevisionContent,
): OpenedContent<Document> {
  let inside: RevisionContent;
  try {
    inside = open();
  } catch {
    return { type: "not-authentic" };
  }
  if (inside.format !== format.name) return { type: "undecodable" };
  try {
    const content = joinContent(format, inside);
    return { type: "opened", content, upgradedFrom: inside.upgradedFrom };
  } catch {
    return { type: "undecodable" };
  }
}

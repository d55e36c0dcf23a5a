/**
 * What a device of the simulation remembers of an account of protocol 4 beside its wallet's record: durable, and only what was
 * verified. What is decided about it is the product's own (`@holdfast/client/engine`).
 */
import type {
  FetchOutcome,
  HeaderNames,
  OpenOutcome,
  ReportedHead,
  RevisionRef,
} from "@holdfast/client/engine";
import { hashHeader, hashWallet, headerOf } from "../crypto/model-keys.ts";
import { fetchOutcome, walletOf } from "../host/model-transport.ts";
import { statesIn } from "../host/wire.ts";
import type { AccountState, HostAnswer, StoredWallet, WalletHeader } from "../host/wire.ts";
import type { SessionKeys } from "../protocols/model-protocol.ts";
import { judgeStates } from "../protocols/model-states.ts";
import type { EngineModule } from "./world.ts";

export type Account4 = {
  readonly states: readonly AccountState[];
  /** null: password or keys were changed elsewhere, so they are forgotten */
  readonly keys: SessionKeys | null;
  readonly token: string | null;
  /** the newest revision seen, or what a pairing told of it; sequence 0: none */
  readonly head: RevisionRef;
  /** what a host could be healed with: headers, and the body of the last of them */
  readonly kept: {
    readonly first: number;
    readonly headers: readonly WalletHeader[];
    readonly newest: StoredWallet | null;
  };
  /** the revision of protocol 3 that the wallet continues */
  readonly upgradedFrom: RevisionRef | null;
};

export const headerNames: HeaderNames<WalletHeader> = {
  hashOf: hashHeader,
  parentOf: ({ parent }) => parent,
};

const noHead: RevisionRef = { sequence: 0, hash: "" };

export function newAccount4(
  states: readonly AccountState[],
  keys: SessionKeys,
  token: string | null,
  head: RevisionRef = noHead,
): Account4 {
  const kept = { first: 1, headers: [], newest: null };
  return { states, keys, token, head, kept, upgradedFrom: null };
}

/** From where on a host has to prove what it shows: the engine's memory, or what the account knows where there is none. */
export function rememberedPoint({ head }: Account4, since: RevisionRef): RevisionRef {
  return since.sequence > 0 ? since : head;
}

export type Contact = {
  readonly outcome: FetchOutcome;
  /** with the states that were taken over */
  readonly account: Account4;
};

/** Each contact begins with the states (P4K-20); what the host shows of the wallet counts only then. */
export function contact(account: Account4, since: RevisionRef, answer: HostAnswer | null): Contact {
  const shown = fetchOutcome(answer);
  if (shown.type !== "head" && shown.type !== "empty") return { outcome: shown, account };
  const judged = judgeStates(account.states, statesIn(answer?.body));
  if (judged.type === "garbled") return { outcome: { type: "garbled" }, account };
  if (judged.type === "rejected") {
    const { problem } = judged;
    return { outcome: { type: "rejected", problem, theirs: noHead }, account };
  }
  const { states, isLockedOut } = judged;
  if (isLockedOut) {
    const lockedOut = { ...account, states, keys: null, token: null };
    return { outcome: { type: "unauthorized" }, account: lockedOut };
  }
  const next = states.length === account.states.length ? account : { ...account, states };
  const isMissing = shown.type === "empty" && since.sequence < account.head.sequence;
  if (!isMissing) return { outcome: shown, account: next };
  return { outcome: { type: "rejected", problem: "rolled-back", theirs: noHead }, account: next };
}

/** Whether what was opened follows what the account was told of and the engine does not know; else by which name it is refused. */
export function judgeUnknownHead(
  { head }: Account4,
  since: RevisionRef,
  { revision, proof }: ReportedHead,
): Extract<OpenOutcome<never>, { type: "rejected" }> | null {
  if (since.sequence > 0 || head.sequence === 0) return null;
  const chain = chainOf(revision, proof);
  if (isAt(chain[0], head)) return null;
  if (revision.sequence < head.sequence) return { type: "rejected", problem: "rolled-back" };
  const isFork = chain.some(({ sequence }) => sequence === head.sequence);
  return { type: "rejected", problem: isFork ? "forked" : "broken-chain" };
}

/** The account after a revision was opened; what does not follow what is remembered is not remembered. */
export function withOpened(
  engine: Pick<EngineModule, "extendKept">,
  account: Account4,
  since: RevisionRef,
  { revision, proof }: ReportedHead,
  upgradedFrom: RevisionRef | null,
): Account4 {
  const point = rememberedPoint(account, since);
  const chain = chainOf(revision, proof);
  if (point.sequence > 0 && !isAt(chain[0], point)) return account;
  const fresh = point.sequence > 0 && chain.length > 1 ? chain.slice(1) : chain;
  return withNewest(engine, { ...account, upgradedFrom }, fresh, walletOf(revision));
}

/** The account with these headers at the end of what it keeps, the last of which is the wallet's. */
export function withNewest(
  { extendKept }: Pick<EngineModule, "extendKept">,
  account: Account4,
  headers: readonly WalletHeader[],
  wallet: StoredWallet,
): Account4 {
  const first = headers[0]?.sequence ?? wallet.sequence;
  const kept = { ...extendKept(account.kept, headerNames, first, headers), newest: wallet };
  return { ...account, head: { sequence: wallet.sequence, hash: hashWallet(wallet) }, kept };
}

function chainOf(
  revision: ReportedHead["revision"],
  proof: ReportedHead["proof"],
): readonly WalletHeader[] {
  return [...((proof ?? []) as readonly WalletHeader[]), headerOf(walletOf(revision))];
}

function isAt(header: WalletHeader | undefined, { hash }: RevisionRef): boolean {
  return header !== undefined && hashHeader(header) === hash;
}

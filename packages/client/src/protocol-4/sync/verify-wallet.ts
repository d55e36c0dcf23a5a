/**
 * A wallet that a host shows, held against what this device remembers (P4K-51 to P4K-53): hash links from there to the newest
 * header, generations as the account's states open and close them, and the newest header's signature under a writer key that
 * this device derives itself.
 */
import {
  CryptoError,
  generationKeys,
  type Head,
  type HeadersOutcome,
  hashText,
  parseHeader,
  secretOf,
  type Signed,
  type UnlockedAccount,
  type VerifiedHeader,
  verifyHeaders,
  walletGenerations,
  type WalletId,
} from "@holdfast/crypto";
import type { RevisionRef } from "../../engine/index.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { type HostMisbehaves4, misbehaves } from "../outcomes.ts";

export type VerifiedWallet = {
  readonly type: "verified";
  /** the newest header */
  readonly newest: VerifiedHeader;
  /** headers after the remembered one, oldest first */
  readonly fresh: readonly VerifiedHeader[];
};

/** What was verified of a chain and is not kept. */
export type WalkedChain = {
  /** where it ended */
  readonly head: Head;
  /** its first revisions, which tell one wallet from another that began anew */
  readonly root: readonly RevisionRef[];
};

export type HeaderChain<Header = Signed> = {
  /** undefined: `headers` begin with the remembered one, or with the first */
  readonly walked: WalkedChain | undefined;
  /** oldest first; of a walked chain those directly after it */
  readonly headers: readonly Header[];
};

/** The chain: from the remembered header (or the first, or where a walk ended) to the newest. */
export function verifyWallet(
  account: HeldAccount,
  unlocked: UnlockedAccount,
  walletId: WalletId,
  since: RevisionRef,
  chain: HeaderChain,
): VerifiedWallet | HostMisbehaves4 {
  const newest = chain.headers.at(-1);
  if (newest !== undefined && hashText(newest.body) === since.hash) {
    const alone = verifyHeaderAlone(account, unlocked, walletId, newest);
    return alone.type === "verified" ? { ...alone, fresh: [] } : alone;
  }
  return verifyFrom({ account, unlocked, walletId, since }, chain, false);
}

/** The same of a part of it, of which more follows. */
export function verifyPart(
  account: HeldAccount,
  unlocked: UnlockedAccount,
  walletId: WalletId,
  since: RevisionRef,
  chain: HeaderChain,
): VerifiedWallet | HostMisbehaves4 {
  return verifyFrom({ account, unlocked, walletId, since }, chain, true);
}

type Verifying = {
  readonly account: HeldAccount;
  readonly unlocked: UnlockedAccount;
  readonly walletId: WalletId;
  readonly since: RevisionRef;
};

function verifyFrom(
  { account, unlocked, walletId, since }: Verifying,
  { walked, headers }: HeaderChain,
  isPart: boolean,
): VerifiedWallet | HostMisbehaves4 {
  const remembered = walked?.head ?? rememberedHead(since, headers);
  if (remembered === null) return brokenAt(since, headers);
  if (remembered === undefined && headers[0] !== undefined && positionOf(headers[0].body) !== 1)
    return misbehaves("missing-link", "its history does not begin with the first revision");
  const outcome = verify(account, unlocked, walletId, remembered, headers, isPart);
  // Where one part goes on from another, nothing that was remembered is contradicted: the history has a gap.
  if (walked !== undefined && outcome.type === "fork")
    return judge({ type: "missing-link", position: outcome.position });
  return judge(outcome);
}

/** One header by itself: of this account and wallet, written in a generation that was open, and signed by its writer. */
function verifyHeaderAlone(
  account: HeldAccount,
  unlocked: UnlockedAccount,
  walletId: WalletId,
  header: Signed,
): VerifiedWallet | HostMisbehaves4 {
  return judge(verify(account, unlocked, walletId, undefined, [header]));
}

/**
 * Headers that do not follow what is remembered, so that a person can be shown what they lead to: with what stands behind the
 * newest one where they hang together, by itself where they do not.
 */
export function verifyUnchained(
  account: HeldAccount,
  unlocked: UnlockedAccount,
  walletId: WalletId,
  { headers }: HeaderChain,
): VerifiedWallet | HostMisbehaves4 {
  const together = judge(verify(account, unlocked, walletId, undefined, headers));
  const newest = headers.at(-1);
  if (together.type === "verified" || newest === undefined) return together;
  return verifyHeaderAlone(account, unlocked, walletId, newest);
}

/** The keys that open what a header belongs to. */
export function keysOf({ keyring }: UnlockedAccount, walletId: WalletId, generation: number) {
  return generationKeys(secretOf(keyring, walletId, generation));
}

/** A wallet's open generation. */
export function openGeneration({ state }: UnlockedAccount, walletId: WalletId): number {
  return state.wallets.find((wallet) => wallet.walletId === walletId)?.generation ?? 1;
}

function verify(
  account: HeldAccount,
  unlocked: UnlockedAccount,
  walletId: WalletId,
  remembered: Head | undefined,
  received: readonly Signed[],
  isPart = false,
): HeadersOutcome {
  return verifyHeaders({
    identity: account.record.identity,
    walletId,
    remembered,
    received,
    generations: walletGenerations(account.states, walletId),
    epoch: account.newest.epoch,
    writerKey: (generation) => {
      try {
        return keysOf(unlocked, walletId, generation).writerKey;
      } catch (error) {
        if (error instanceof CryptoError) return undefined;
        throw error;
      }
    },
    signatures: "newest",
    isPart,
  });
}

/** The remembered revision as a point of the chain; null: what was received does not hold it. */
function rememberedHead(since: RevisionRef, headers: readonly Signed[]): Head | undefined | null {
  if (since.sequence === 0) return undefined;
  const [first] = headers;
  if (first === undefined || hashText(first.body) !== since.hash) return null;
  // A text whose hash is the remembered one is the remembered header itself.
  const { sequence, generation, epoch } = parseHeader(first.body);
  return { sequence, hash: hashText(first.body), generation, epoch };
}

/** Where a chain that does not hold the remembered revision parts from it. */
function brokenAt({ sequence }: RevisionRef, headers: readonly Signed[]): HostMisbehaves4 {
  const positions = headers.map(({ body }) => positionOf(body));
  if (positions.includes(null)) return misbehaves("forged", "a header of it is not well-formed");
  const newest = positions.at(-1) ?? 0;
  if (newest < sequence) {
    const detail = `it shows revision ${newest}; this device has seen ${sequence}`;
    return misbehaves("rollback", detail);
  }
  if (positions.includes(sequence))
    return misbehaves("fork", `in the place of revision ${sequence} it shows another one`);
  return misbehaves("missing-link", `the headers do not lead back to revision ${sequence}`);
}

function positionOf(body: string): number | null {
  try {
    return parseHeader(body).sequence;
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}

function judge(outcome: HeadersOutcome): VerifiedWallet | HostMisbehaves4 {
  switch (outcome.type) {
    case "verified": {
      const newest = outcome.fresh.at(-1);
      if (newest === undefined) return misbehaves("missing-link", "it shows no newer revision");
      return { type: "verified", newest, fresh: outcome.fresh };
    }
    case "rollback":
      return misbehaves(
        "rollback",
        `it shows revision ${outcome.received}; this device has seen ${outcome.remembered}`,
      );
    case "fork":
      return misbehaves("fork", `from revision ${outcome.position} on it shows another history`);
    case "missing-link":
      return misbehaves("missing-link", `revision ${outcome.position} is missing in its history`);
    case "forged":
      return misbehaves(
        "forged",
        `a header near revision ${outcome.sequence} is not this wallet's, or not signed by its writer`,
      );
    case "closed-generation":
      return misbehaves(
        "forged",
        `revision ${outcome.sequence} was written with keys that were not in use at that time`,
      );
    case "epoch-fell":
      return misbehaves(
        "forged",
        `revision ${outcome.sequence} names older credentials than the one before`,
      );
    case "closing-mismatch":
      return misbehaves(
        "missing-link",
        `revision ${outcome.sequence} is not the last one that was written before the keys were changed`,
      );
    case "unknown-epoch":
      return misbehaves("missing-link", `it holds back the credentials of epoch ${outcome.epoch}`);
  }
}

/**
 * Verification of a wallet's chain of headers (P4C-56, P4C-57): hash links from the remembered head to the received one,
 * generations that end where the states say, and signatures by the writers of those generations.
 */
import { type ChainBreak, type ChainLink, compareChain } from "../chain/compare-chain.ts";
import { CryptoError } from "../crypto-error.ts";
import { hashText } from "../hash/hash.ts";
import type { Hash, PublicKey, WalletId } from "../identifiers.ts";
import { limits } from "../limits.ts";
import type { Signed } from "../signature/signed.ts";
import { type QuickCheck, verifySignature } from "../signature/verify-signature.ts";
import { runToEnd, type Steps } from "../steps.ts";
import type { WalletGeneration } from "./generations.ts";
import {
  asVerifiedHeader,
  type Head,
  type Header,
  headOf,
  parseHeader,
  type VerifiedHeader,
} from "./header.ts";

export interface HeadersToVerify {
  readonly identity: Hash;
  readonly walletId: WalletId;
  /** The head that is remembered; absent where nothing is known of this wallet yet. */
  readonly remembered?: Head | undefined;
  /** Oldest first, without gaps, from the remembered one (or directly after it) up to the wallet's newest; empty: the wallet has none. */
  readonly received: readonly Signed[];
  /** All of the wallet's generations, oldest first. */
  readonly generations: readonly WalletGeneration[];
  /** The epoch of the newest state that is known. */
  readonly epoch: number;
  /** The writer key of a generation: derived by a device, certified for a host. */
  readonly writerKey: (generation: number) => PublicKey | undefined;
  /** A device needs the newest only, whose hash covers the rest; a host that stores them checks each. */
  readonly signatures: "newest" | "all";
  readonly quickCheck?: QuickCheck | undefined;
  /** Whether the list is a part of which more follows, so that a closed generation need not end here. */
  readonly isPart?: boolean;
}

export type HeadersOutcome =
  /** `fresh` are the headers after the remembered one, oldest first; `head` is absent for a wallet without revisions. */
  | {
      readonly type: "verified";
      readonly head: Head | undefined;
      readonly fresh: readonly VerifiedHeader[];
    }
  | ChainBreak
  /** Not well-formed, of another account or wallet, or not signed by that generation's writer. */
  | { readonly type: "forged"; readonly sequence: number }
  /** Written in a generation that was not open under the state that it names. */
  | { readonly type: "closed-generation"; readonly sequence: number }
  /** Written under an older state than the header before it. */
  | { readonly type: "epoch-fell"; readonly sequence: number }
  /**
   * A generation does not end at the header at which the states close it: revisions were held back, or somebody who was shut
   * out added some.
   */
  | { readonly type: "closing-mismatch"; readonly sequence: number }
  /** Written under a state that is not known here: the states have to be fetched first. */
  | { readonly type: "unknown-epoch"; readonly epoch: number };

interface Link extends ChainLink {
  readonly header: Header;
  readonly signed: Signed;
}

export function verifyHeaders(request: HeadersToVerify): HeadersOutcome {
  return runToEnd(verifyHeadersInSteps(request));
}

/** The same, a header's parsing or signature in each step. */
export function* verifyHeadersInSteps(request: HeadersToVerify): Steps<HeadersOutcome> {
  const { remembered, received } = request;
  if (received.length > limits.headers) return { type: "forged", sequence: 0 };
  const links: Link[] = [];
  for (const signed of received) {
    const link = parseLink(signed, request);
    if (link === undefined) return { type: "forged", sequence: links.at(-1)?.position ?? 0 };
    links.push(link);
    yield;
  }
  const memory = remembered && { position: remembered.sequence, hash: remembered.hash };
  const comparison = compareChain(memory, links);
  if (comparison.type !== "connected") return comparison;

  let head = remembered;
  const fresh: VerifiedHeader[] = [];
  for (const link of comparison.fresh) {
    const refusal = checkPlace(link, head, request);
    if (refusal !== undefined) return refusal;
    const header = asVerifiedHeader(link.header, link.signed);
    fresh.push(header);
    head = headOf(header);
  }
  const end = request.isPart === true ? undefined : checkEnd(head, request);
  return end ?? (yield* checkSignatures(fresh, request)) ?? { type: "verified", head, fresh };
}

/** That a header's generation and epoch may follow those of the head before it. */
function checkPlace(
  { header, position: sequence }: Link,
  before: Head | undefined,
  { generations, epoch }: Pick<HeadersToVerify, "generations" | "epoch">,
): HeadersOutcome | undefined {
  if (header.epoch > epoch) return { type: "unknown-epoch", epoch: header.epoch };
  const opened = generations.find(({ generation }) => generation === header.generation);
  const following = generations.find(({ generation }) => generation === header.generation + 1);
  const isOpen =
    opened !== undefined &&
    header.epoch >= opened.epoch &&
    (following === undefined || header.epoch < following.epoch) &&
    header.generation >= (before?.generation ?? 1);
  if (!isOpen) return { type: "closed-generation", sequence };
  if (header.epoch < (before?.epoch ?? 1)) return { type: "epoch-fell", sequence };
  // Without a head, and not from the first header on, what came before is not here to compare with.
  if (before === undefined && sequence > 1) return undefined;
  const crossed = generations.filter(
    ({ generation }) => generation > (before?.generation ?? 1) && generation <= header.generation,
  );
  const closesRight = crossed.every(({ closedAt }) => closedAt === before?.hash);
  return closesRight ? undefined : { type: "closing-mismatch", sequence };
}

/** That a head in a closed generation is the very header it was closed at. */
function checkEnd(
  head: Head | undefined,
  { generations }: HeadersToVerify,
): HeadersOutcome | undefined {
  const later = generations.filter(({ generation }) => generation > (head?.generation ?? 0));
  if (later.every(({ closedAt }) => closedAt === head?.hash)) return undefined;
  return { type: "closing-mismatch", sequence: head?.sequence ?? 0 };
}

function* checkSignatures(
  fresh: readonly VerifiedHeader[],
  { writerKey, signatures, quickCheck }: HeadersToVerify,
): Steps<HeadersOutcome | undefined> {
  for (const header of signatures === "all" ? fresh : fresh.slice(-1)) {
    if (!isSigned(header, writerKey(header.generation), quickCheck)) {
      return { type: "forged", sequence: header.sequence };
    }
    yield;
  }
  return undefined;
}

/** Whether a header is signed by its generation's writer. */
function isSigned(
  { signed: { body, signature } }: VerifiedHeader,
  key: PublicKey | undefined,
  quickCheck: QuickCheck | undefined,
): boolean {
  return key !== undefined && verifySignature("header", body, signature, key, quickCheck);
}

function parseLink(
  signed: Signed,
  { identity, walletId }: Pick<HeadersToVerify, "identity" | "walletId">,
): Link | undefined {
  try {
    const header = parseHeader(signed.body);
    if (header.identity !== identity || header.walletId !== walletId) return undefined;
    const { sequence, parent } = header;
    return { position: sequence, hash: hashText(signed.body), parent, header, signed };
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}

/**
 * Verification of an account's chain of states (P4C-31 to P4C-35), from the state that is remembered or from the first.
 * Nothing of what was received is used before all of it was verified.
 */
import type { AccountContext } from "../account/account-context.ts";
import { type ChainBreak, type ChainLink, compareChain } from "../chain/compare-chain.ts";
import { CryptoError } from "../crypto-error.ts";
import { hashText } from "../hash/hash.ts";
import type { Hash, HostOrigin } from "../identifiers.ts";
import { limits } from "../limits.ts";
import { type QuickCheck, verifySignature } from "../signature/verify-signature.ts";
import { runToEnd, type Steps } from "../steps.ts";
import { parseState, type SecurityState, type SignedState } from "./security-state.ts";
import { brokenRule, type TransitionRule } from "./transition.ts";
import { accountOf, asVerified, type VerifiedState } from "./verified-state.ts";

/** The protocol version that this package speaks. */
const ownVersion = 4;

export interface StatesToVerify {
  /** The newest state that is remembered; absent on a device that knows nothing of the account yet. */
  readonly remembered?: VerifiedState | undefined;
  /** Oldest first, without gaps, up to the newest: from the remembered one (or directly after it), from the first where nothing is remembered. */
  readonly received: readonly SignedState[];
  /** The host that is talked to; absent for a local copy. */
  readonly host?: HostOrigin | undefined;
  /** The account that is expected, where it is known. */
  readonly identity?: Hash | undefined;
  readonly quickCheck?: QuickCheck | undefined;
}

export type StatesOutcome =
  /** `fresh` are the states after the remembered one, oldest first. */
  | {
      readonly type: "verified";
      readonly newest: VerifiedState;
      readonly fresh: readonly VerifiedState[];
    }
  | ChainBreak
  /** The state of this epoch is not well-formed, or not signed by whom it must be. Epoch 0: it does not even name one. */
  | { readonly type: "forged"; readonly epoch: number }
  /** Signed, but changes what no state may change. */
  | { readonly type: "unlawful"; readonly epoch: number; readonly rule: TransitionRule }
  /** A genuine chain of another account. */
  | { readonly type: "wrong-account"; readonly identity: Hash }
  /** A genuine chain that was made for another host. */
  | { readonly type: "wrong-host"; readonly host: HostOrigin }
  /** The account asks for a newer protocol than this one. */
  | { readonly type: "unsupported-version"; readonly minVersion: number };

interface Link extends ChainLink {
  readonly state: SecurityState;
  readonly signed: SignedState;
}

export function verifyStates(request: StatesToVerify): StatesOutcome {
  return runToEnd(verifyStatesInSteps(request));
}

/** The same, a state's parsing or signatures in each step. */
export function* verifyStatesInSteps(request: StatesToVerify): Steps<StatesOutcome> {
  const { remembered, received, identity } = request;
  if (received.length > limits.states) return { type: "forged", epoch: 0 };
  const links: Link[] = [];
  for (const signed of received) {
    const link = parseLink(signed);
    if (link === undefined) return { type: "forged", epoch: links.at(-1)?.position ?? 0 };
    links.push(link);
    yield;
  }
  const memory = remembered && { position: remembered.epoch, hash: remembered.hash };
  const comparison = compareChain(memory, links);
  if (comparison.type !== "connected") return comparison;
  const start = links[0];
  if (remembered === undefined && start?.position !== 1)
    return { type: "missing-link", position: 1 };

  const account = remembered?.account ?? (start && accountOf(start.state, start.hash));
  if (account === undefined) return { type: "missing-link", position: 1 };
  if (identity !== undefined && account.identity !== identity) {
    return { type: "wrong-account", identity: account.identity };
  }
  return yield* verifyLinks(request, comparison.fresh, account);
}

function* verifyLinks(
  { remembered, host, quickCheck }: StatesToVerify,
  links: readonly Link[],
  account: AccountContext,
): Steps<StatesOutcome> {
  const fresh: VerifiedState[] = [];
  let newest = remembered;
  for (const { state, signed, position: epoch } of links) {
    if (!isSigned(signed, state, newest, quickCheck)) return { type: "forged", epoch };
    const rule = newest && brokenRule(newest, state);
    if (rule !== undefined) return { type: "unlawful", epoch, rule };
    newest = asVerified(state, signed, account);
    fresh.push(newest);
    yield;
  }
  if (newest === undefined) return { type: "missing-link", position: 1 };
  if (newest.minVersion > ownVersion) {
    return { type: "unsupported-version", minVersion: newest.minVersion };
  }
  if (host !== undefined && newest.host !== host) return { type: "wrong-host", host: newest.host };
  return { type: "verified", newest, fresh };
}

/** P4C-32: by the parent's key, and by its own where that is another one. */
function isSigned(
  { body, signature, successorSignature }: SignedState,
  { authorityKey }: SecurityState,
  parent: SecurityState | undefined,
  quickCheck: QuickCheck | undefined,
): boolean {
  const signer = parent?.authorityKey ?? authorityKey;
  if (!verifySignature("state", body, signature, signer, quickCheck)) return false;
  if (signer === authorityKey) return successorSignature === undefined;
  return (
    successorSignature !== undefined &&
    verifySignature("state-successor", body, successorSignature, authorityKey, quickCheck)
  );
}

function parseLink(signed: SignedState): Link | undefined {
  try {
    const state = parseState(signed.body);
    return {
      position: state.epoch,
      hash: hashText(signed.body),
      parent: state.parent,
      state,
      signed,
    };
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}

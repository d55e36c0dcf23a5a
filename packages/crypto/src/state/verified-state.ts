/** States that were verified along the chain, and what to keep of them. */
import type { AccountContext } from "../account/account-context.ts";
import { malformed } from "../crypto-error.ts";
import { hashText } from "../hash/hash.ts";
import type { Hash } from "../identifiers.ts";
import { parseStoredState, type SecurityState, type SignedState } from "./security-state.ts";

declare const verified: unique symbol;

/** A state whose place in its account's chain was verified, or that the caller itself stored after that. */
export type VerifiedState = SecurityState & {
  readonly hash: Hash;
  readonly account: AccountContext;
  readonly signed: SignedState;
  readonly [verified]: true;
};

/** A state of one's own storage, which only verified states enter; throws `malformed`. */
export function trustStoredState(signed: SignedState, account: AccountContext): VerifiedState {
  const state = parseStoredState(signed.body);
  return asVerified(state, signed, account);
}

/** The identity and nonce that a first state gives its account. */
export function accountOf(first: SecurityState, hash: Hash): AccountContext {
  if (first.nonce === undefined) throw malformed("first security state");
  return { identity: hash, nonce: first.nonce };
}

export function asVerified(
  state: SecurityState,
  signed: SignedState,
  account: AccountContext,
): VerifiedState {
  return { ...state, hash: hashText(signed.body), account, signed } as VerifiedState;
}

/**
 * Protocol 4's chain of security states, as far as sync goes: one for each change of password or keys, each signed by the
 * authority of the one before. A signature is modelled by what a host does not know: a text that only the keys give. What is
 * judged here is what `@holdfast/crypto` and `verifyCredentials` judge of real states, in as few lines as it takes.
 */
import { hash } from "node:crypto";
import type { ProblemName } from "@holdfast/client/engine";
import type { AccountState } from "../host/wire.ts";
import { hashText } from "../crypto/model-keys.ts";
import { newestOf } from "./model-protocol.ts";
import type { Generation } from "./model-protocol.ts";

type Ring = readonly Generation[];

/** Proves to a host that one has the keys; the host knows its hash from the newest state. */
export function authorityProof(ring: Ring): string {
  return hashText(`authority:${newestOf({ ring }).secret}`);
}

export function hashState(state: AccountState): string {
  return hashText(JSON.stringify({ ...state, signature: "" }));
}

/** The state after `previous` (null: the first), with these keys and this slot of the password. */
export function stateAfter(
  previous: AccountState | null,
  signers: Ring,
  ring: Ring,
  slot: string,
): AccountState {
  const { epoch, startsAfter } = newestOf({ ring });
  const body = {
    number: (previous?.number ?? 0) + 1,
    parent: previous === null ? "" : hashState(previous),
    authority: hashText(authorityProof(ring)),
    epoch,
    closedAt: startsAfter,
    slot: hashText(slot),
  };
  return { ...body, signature: signatureOf(hashText(authorityProof(signers)), body) };
}

/** Whether a state follows another one and was signed by whoever had its keys. */
export function follows(previous: AccountState, next: AccountState): boolean {
  return isLinked(previous, next) && isSigned(previous, next);
}

function isLinked(previous: AccountState, next: AccountState): boolean {
  return next.number === previous.number + 1 && next.parent === hashState(previous);
}

function isSigned(previous: AccountState, { signature, ...body }: AccountState): boolean {
  return signature === signatureOf(previous.authority, body);
}

/** Stands for a signature: whoever makes one without the keys leaves it out, here as in truth. */
function signatureOf(authority: string, body: Omit<AccountState, "signature">): string {
  return hash("sha256", `signature:${authority}:${JSON.stringify(body)}`).slice(0, 16);
}

export type StatesOutcome =
  | {
      readonly type: "verified";
      readonly states: readonly AccountState[];
      /** password or keys were changed since: a device that was open may not go on by itself (P4K-25) */
      readonly isLockedOut: boolean;
    }
  | { readonly type: "rejected"; readonly problem: ProblemName }
  | { readonly type: "garbled" };

/** Holds what a host shows, from the newest known state on, against all that this device knows (P4K-20). */
export function judgeStates(
  known: readonly AccountState[],
  shown: readonly AccountState[],
): StatesOutcome {
  const newest = known.at(-1);
  const last = shown.at(-1);
  if (last === undefined) return { type: "garbled" };
  if (newest !== undefined && last.number < newest.number) return rejected("rolled-back");
  const at = newest === undefined ? -1 : shown.findIndex(({ number }) => number === newest.number);
  const same = shown[at];
  if (newest !== undefined && same === undefined) return rejected("broken-chain");
  if (newest !== undefined && same !== undefined && hashState(same) !== hashState(newest))
    return rejected("forked");
  const fresh = shown.slice(at + 1);
  let before = newest;
  for (const state of fresh) {
    if (before !== undefined && !isLinked(before, state)) return rejected("broken-chain");
    if (before !== undefined && !isSigned(before, state)) return rejected("not-authentic");
    before = state;
  }
  const isLockedOut = newest !== undefined && last.slot !== newest.slot;
  return { type: "verified", states: [...known, ...fresh], isLockedOut };
}

function rejected(problem: ProblemName): StatesOutcome {
  return { type: "rejected", problem };
}

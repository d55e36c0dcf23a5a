/**
 * The host's check of a change of credentials, and of the states that heal a host which came back from a backup (P4C-36):
 * all of it fits, or nothing is applied. It needs public keys and hashes only.
 */
import { CryptoError } from "../crypto-error.ts";
import { hashBytes } from "../hash/hash.ts";
import type { Hash, HostOrigin, WalletId } from "../identifiers.ts";
import { parseSealedKeyring, type SealedKeyring } from "../keyring/sealed-keyring.ts";
import type { QuickCheck } from "../signature/verify-signature.ts";
import { parseSlot, type Slot } from "../slot/slot.ts";
import type { SignedState } from "../state/security-state.ts";
import { rotatedWallets } from "../state/transition.ts";
import type { VerifiedState } from "../state/verified-state.ts";
import { type StatesOutcome, verifyStatesInSteps } from "../state/verify-states.ts";
import { runToEnd, type Steps } from "../steps.ts";

export interface ChangeToCheck {
  /** The account's newest state; absent at registration. */
  readonly current?: VerifiedState | undefined;
  readonly host: HostOrigin;
  /** One state, or when healing the missing ones, oldest first. */
  readonly states: readonly SignedState[];
  readonly slots: readonly string[];
  readonly keyring?: string | undefined;
  /** The OPAQUE registration record, where the password slot is new. */
  readonly record?: Uint8Array | undefined;
  /**
   * Whether a wallet's generation may close at this header (undefined: it has no revision). That is the wallet's head; when
   * healing, also a header of the list that comes with the states.
   */
  readonly mayClose: (walletId: WalletId, closedAt: Hash | undefined) => boolean;
  readonly quickCheck?: QuickCheck | undefined;
}

export type ChangeOutcome =
  | {
      readonly type: "accepted";
      readonly newest: VerifiedState;
      /** The states to append, oldest first. */
      readonly fresh: readonly VerifiedState[];
      readonly slots: readonly Slot[];
      readonly keyring: SealedKeyring | undefined;
    }
  | Exclude<StatesOutcome, { readonly type: "verified" }>
  /** Nothing follows the current state. */
  | { readonly type: "nothing-new" }
  /** A new generation closes at another header than the wallet's newest: somebody pushed in between. */
  | { readonly type: "head-moved"; readonly walletId: WalletId }
  /** The pieces are not exactly those that the newest state names and the host does not have. */
  | { readonly type: "wrong-pieces" };

export function checkChange(request: ChangeToCheck): ChangeOutcome {
  return runToEnd(checkChangeInSteps(request));
}

/** The same in steps: hundreds of states take a while. */
export function* checkChangeInSteps(request: ChangeToCheck): Steps<ChangeOutcome> {
  const { current, host, states, mayClose, quickCheck } = request;
  const received = { remembered: current, received: states, host, quickCheck };
  const outcome = yield* verifyStatesInSteps(received);
  if (outcome.type !== "verified") return outcome;
  const { newest, fresh } = outcome;
  if (fresh.length === 0) return { type: "nothing-new" };

  let before = current;
  for (const state of fresh) {
    const rotatedHere = before === undefined ? [] : rotatedWallets(before, state);
    const moved = rotatedHere.find(({ walletId, closedAt }) => !mayClose(walletId, closedAt));
    if (moved !== undefined) return { type: "head-moved", walletId: moved.walletId };
    before = state;
  }
  const pieces = parsePieces(request, newest);
  if (pieces === undefined) return { type: "wrong-pieces" };
  return { type: "accepted", newest, fresh, ...pieces };
}

interface Pieces {
  readonly slots: readonly Slot[];
  readonly keyring: SealedKeyring | undefined;
}

/** The pieces, if they are exactly those that `newest` names and `current` does not. */
function parsePieces(request: ChangeToCheck, newest: VerifiedState): Pieces | undefined {
  const { current, record } = request;
  try {
    const slots = request.slots.map((text) => parseSlot(text));
    const keyring = request.keyring === undefined ? undefined : parseSealedKeyring(request.keyring);
    const isNew = (epoch: number) => epoch > (current?.epoch ?? 0) && epoch <= newest.epoch;
    const missing = newest.slots.filter(
      ({ hash }) => !current?.slots.some((held) => held.hash === hash),
    );
    const password = slots.find(({ kind }) => kind === "password");
    const fits =
      slots.length === missing.length &&
      missing.every((named) => slots.some((slot) => isNamed(slot, named))) &&
      slots.every(({ epoch }) => isNew(epoch)) &&
      keyring?.hash ===
        (newest.keyringHash === current?.keyringHash ? undefined : newest.keyringHash) &&
      (keyring === undefined || isNew(keyring.epoch)) &&
      (record && hashBytes(record)) === password?.reference;
    return fits ? { slots, keyring } : undefined;
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}

function isNamed(slot: Slot, named: VerifiedState["slots"][number]): boolean {
  return slot.slotId === named.slotId && slot.kind === named.kind && slot.hash === named.hash;
}

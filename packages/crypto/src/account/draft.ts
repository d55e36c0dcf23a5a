/**
 * What every change of credentials is made of (P4C-36): pieces sealed for the next state, the state itself signed, and the
 * result held to the very rules that others check.
 */
import type { RandomBytes } from "../bytes/random.ts";
import { invalidArgument } from "../crypto-error.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { sealKeyring } from "../keyring/seal-keyring.ts";
import { type AccountKey, type NewSlot, sealSlot } from "../slot/seal-slot.ts";
import type { Slot } from "../slot/slot.ts";
import type { NamedSlot, SecurityState } from "../state/security-state.ts";
import { signState } from "../state/sign-state.ts";
import type { VerifiedState } from "../state/verified-state.ts";
import { verifyStates } from "../state/verify-states.ts";
import { type AccountBinding, bindingAt } from "./account-context.ts";
import type { CredentialChange } from "./credential-change.ts";
import type { UnlockedAccount } from "./unlocked-account.ts";

/** What a change needs from outside. */
export interface ChangeEnvironment {
  readonly random: RandomBytes;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

export interface ChangedAccount {
  readonly change: CredentialChange;
  readonly account: UnlockedAccount;
}

/** Seals the pieces of one state. */
export class Draft {
  readonly accountKey: AccountKey;
  readonly #epoch: number;
  readonly #binding: AccountBinding;
  readonly #random: RandomBytes;

  constructor(accountKey: AccountKey, epoch: number, binding: AccountBinding, random: RandomBytes) {
    this.accountKey = accountKey;
    this.#epoch = epoch;
    this.#binding = binding;
    this.#random = random;
  }

  static after({ state }: UnlockedAccount, accountKey: AccountKey, random: RandomBytes): Draft {
    const epoch = state.epoch + 1;
    return new Draft(accountKey, epoch, bindingAt(epoch, state.account), random);
  }

  seal(keyring: Keyring): string {
    return sealKeyring(keyring, this.accountKey, this.#epoch, this.#binding, this.#random);
  }

  sealSlot(slot: NewSlot): Slot {
    return sealSlot(slot, this.accountKey, this.#epoch, this.#binding, this.#random);
  }
}

interface Pieces {
  readonly state: SecurityState;
  readonly made: readonly Slot[];
  readonly keyring: Keyring;
  /** The sealed keyring that the state names, new or as it was. */
  readonly sealedKeyring: string;
  readonly accountKey: AccountKey;
}

/** Signs the state, and holds it to the very rules that others will check. */
export function finishChange(
  previous: UnlockedAccount | undefined,
  pieces: Pieces,
): ChangedAccount {
  const { state, made, keyring, sealedKeyring, accountKey } = pieces;
  const ownSeed = keyring.authoritySeed;
  const signed = signState(state, previous?.keyring.authoritySeed ?? ownSeed, ownSeed);
  const outcome = verifyStates({ remembered: previous?.state, received: [signed] });
  if (outcome.type !== "verified") {
    const rule = outcome.type === "unlawful" ? outcome.rule : outcome.type;
    throw invalidArgument(`This change of credentials is not allowed: ${rule}.`);
  }
  const slots = made.map(({ text }) => text);
  const isNewKeyring = sealedKeyring !== previous?.sealedKeyring;
  return {
    change: { state: signed, slots, ...(isNewKeyring && { keyring: sealedKeyring }) },
    account: { state: outcome.newest, accountKey, keyring, sealedKeyring },
  };
}

/** The fields of the state after `previous`, as they are when nothing changes. */
export function nextState(previous: VerifiedState, savedAt: number): SecurityState {
  const { v, epoch, host, authorityKey, slots, keyringHash, wallets, minVersion } = previous;
  const kept = { v, host, authorityKey, slots, keyringHash, wallets, minVersion };
  return { ...kept, epoch: epoch + 1, parent: previous.hash, savedAt };
}

export function nameSlot({ slotId, kind, hash }: Slot): NamedSlot {
  return { slotId, kind, hash };
}

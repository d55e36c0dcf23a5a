/**
 * Rotation (P4C-37): after a device was lost or stolen. Whoever held the old accountKey keeps what they could read then, and
 * nothing after it.
 */
import type { Hash, WalletId } from "../identifiers.ts";
import { hashText } from "../hash/hash.ts";
import { rotated } from "../keyring/keyring.ts";
import { Secret } from "../secret/secret.ts";
import { publicKeyOf } from "../signature/signing-key.ts";
import type { NewSlot } from "../slot/seal-slot.ts";
import type { NamedWallet, SecurityState } from "../state/security-state.ts";
import {
  type ChangedAccount,
  type ChangeEnvironment,
  Draft,
  finishChange,
  nameSlot,
  nextState,
} from "./draft.ts";
import type { UnlockedAccount } from "./unlocked-account.ts";

/** A rotation: new accountKey, authority key and generations; every way to open the account is made anew. */
export interface Rotation {
  /** With exactly one password slot; everything not listed here is dropped. */
  readonly slots: readonly NewSlot[];
  /** The wallets concerned, each with the hash of its newest header, or null where it has no revision. */
  readonly heads: ReadonlyMap<WalletId, Hash | null>;
}

/** The account after a rotation: nothing that was known before opens or signs anything of it any more. */
export function rotateAccount(
  account: UnlockedAccount,
  { slots, heads }: Rotation,
  { random, savedAt }: ChangeEnvironment,
): ChangedAccount {
  const previous = account.state;
  const keyring = rotated(account.keyring, new Set(heads.keys()), random);
  const draft = Draft.after(account, new Secret("account-key", random(32)), random);
  const sealedKeyring = draft.seal(keyring);
  const made = slots.map((slot) => draft.sealSlot(slot));
  const state: SecurityState = {
    ...nextState(previous, savedAt),
    authorityKey: publicKeyOf(keyring.authoritySeed),
    slots: made.map(nameSlot),
    keyringHash: hashText(sealedKeyring),
    wallets: previous.wallets.map((wallet) => closeGeneration(wallet, heads)),
  };
  return finishChange(account, {
    state,
    made,
    keyring,
    sealedKeyring,
    accountKey: draft.accountKey,
  });
}

function closeGeneration(
  wallet: NamedWallet,
  heads: ReadonlyMap<WalletId, Hash | null>,
): NamedWallet {
  const head = heads.get(wallet.walletId);
  if (head === undefined) return wallet;
  const { walletId, generation } = wallet;
  return { walletId, generation: generation + 1, ...(head !== null && { closedAt: head }) };
}

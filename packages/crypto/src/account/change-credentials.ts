/**
 * Changing credentials (P4C-36): password, slots, wallets, host. A change gives the request for the host and the account as
 * it is after the host accepted it; until then the device goes on with the one it had.
 */
import { hashText } from "../hash/hash.ts";
import type { HostOrigin, SlotId } from "../identifiers.ts";
import { withWallet } from "../keyring/keyring.ts";
import type { NewSlot } from "../slot/seal-slot.ts";
import type { SlotKind } from "../slot/slot.ts";
import type { SecurityState } from "../state/security-state.ts";
import {
  type ChangedAccount,
  type ChangeEnvironment,
  Draft,
  finishChange,
  nameSlot,
  nextState,
} from "./draft.ts";
import type { UnlockedAccount } from "./unlocked-account.ts";

/** What may change without a rotation. */
export interface CredentialUpdate {
  /** A new password or recovery slot takes the place of the old one; passkeys are added. */
  readonly addSlots?: readonly NewSlot[];
  readonly dropSlots?: readonly SlotId[];
  /** Names of new wallets. */
  readonly addWallets?: readonly string[];
  /** For an account that moves. */
  readonly host?: HostOrigin;
  readonly minVersion?: number;
}

/** The account with changed credentials. The accountKey stays; what is not mentioned stays. */
export function changeCredentials(
  account: UnlockedAccount,
  update: CredentialUpdate,
  { random, savedAt }: ChangeEnvironment,
): ChangedAccount {
  const previous = account.state;
  const { addSlots = [], dropSlots = [], addWallets = [] } = update;
  const draft = Draft.after(account, account.accountKey, random);
  const made = addSlots.map((slot) => draft.sealSlot(slot));
  const replaced: readonly SlotKind[] = made
    .map(({ kind }) => kind)
    .filter((kind) => kind !== "passkey");
  const kept = previous.slots.filter(
    ({ slotId, kind }) => !dropSlots.includes(slotId) && !replaced.includes(kind),
  );
  const keyring = addWallets.reduce(
    (grown, name) => withWallet(grown, name, random),
    account.keyring,
  );
  const sealedKeyring = addWallets.length > 0 ? draft.seal(keyring) : account.sealedKeyring;
  const state: SecurityState = {
    ...nextState(previous, savedAt),
    host: update.host ?? previous.host,
    slots: [...kept, ...made.map(nameSlot)],
    keyringHash: hashText(sealedKeyring),
    wallets: [
      ...previous.wallets,
      ...keyring.wallets
        .slice(account.keyring.wallets.length)
        .map(({ walletId }) => ({ walletId, generation: 1 })),
    ],
    minVersion: update.minVersion ?? previous.minVersion,
  };
  return finishChange(account, {
    state,
    made,
    keyring,
    sealedKeyring,
    accountKey: account.accountKey,
  });
}

/** Making an account (P4C-31, P4C-36): the first state, whose hash is the identity, and everything that it names. */
import { encodeBase64url } from "../bytes/base64url.ts";
import { hashText } from "../hash/hash.ts";
import type { HostOrigin } from "../identifiers.ts";
import { createKeyring } from "../keyring/keyring.ts";
import { Secret } from "../secret/secret.ts";
import { publicKeyOf } from "../signature/signing-key.ts";
import type { NewSlot } from "../slot/seal-slot.ts";
import type { SecurityState } from "../state/security-state.ts";
import {
  type ChangedAccount,
  type ChangeEnvironment,
  Draft,
  finishChange,
  nameSlot,
} from "./draft.ts";

/** A new account with its first state. `slots` holds exactly one password slot, and usually a recovery slot. */
export function createAccount(
  host: HostOrigin,
  slots: readonly NewSlot[],
  { random, savedAt }: ChangeEnvironment,
): ChangedAccount {
  const nonce = encodeBase64url(random(32));
  const keyring = createKeyring(random);
  const draft = new Draft(new Secret("account-key", random(32)), 1, { nonce }, random);
  const sealedKeyring = draft.seal(keyring);
  const made = slots.map((slot) => draft.sealSlot(slot));
  const state: SecurityState = {
    v: 4,
    nonce,
    epoch: 1,
    host,
    authorityKey: publicKeyOf(keyring.authoritySeed),
    slots: made.map(nameSlot),
    keyringHash: hashText(sealedKeyring),
    wallets: keyring.wallets.map(({ walletId }) => ({ walletId, generation: 1 })),
    minVersion: 4,
    savedAt,
  };
  return finishChange(undefined, {
    state,
    made,
    keyring,
    sealedKeyring,
    accountKey: draft.accountKey,
  });
}

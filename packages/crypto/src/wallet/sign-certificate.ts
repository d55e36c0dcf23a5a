/** Making writer certificates (P4C-50). */
import type { UnlockedAccount } from "../account/unlocked-account.ts";
import type { WalletId } from "../identifiers.ts";
import { secretOf } from "../keyring/keyring.ts";
import { signObject } from "../signature/signing-key.ts";
import type { Signed } from "../signature/signed.ts";
import { generationKeys } from "./generation-keys.ts";

/** The certificate of one generation of a wallet, under the account's newest state; it travels with that generation's first revision. */
export function signCertificate(
  { state, keyring }: UnlockedAccount,
  walletId: WalletId,
  generation: number,
): Signed {
  const { writerKey } = generationKeys(secretOf(keyring, walletId, generation));
  const { identity } = state.account;
  const fields = { v: 4, identity, walletId, generation, epoch: state.epoch, writerKey };
  return signObject("certificate", fields, keyring.authoritySeed);
}

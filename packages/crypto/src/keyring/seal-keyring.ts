/** Sealing and opening keyrings (P4C-25, P4C-26). */
import { type AccountBinding, bindingAt } from "../account/account-context.ts";
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import type { RandomBytes } from "../bytes/random.ts";
import { encodeCanonical, parseCanonicalBytes } from "../canonical/canonical-json.ts";
import { cannotOpen, openOrRefuse } from "../crypto-error.ts";
import { limits } from "../limits.ts";
import { pad, unpad } from "../padding/padme.ts";
import { openBox, sealBox } from "../sealed/sealed-box.ts";
import { publicKeyOf } from "../signature/signing-key.ts";
import type { AccountKey } from "../slot/seal-slot.ts";
import type { VerifiedState } from "../state/verified-state.ts";
import { encodeKeyring, type Keyring, parseKeyring } from "./keyring.ts";
import { parseSealedKeyring } from "./sealed-keyring.ts";

/** The canonical text of a keyring sealed for the state of `epoch`. */
export function sealKeyring(
  keyring: Keyring,
  accountKey: AccountKey,
  epoch: number,
  binding: AccountBinding,
  random: RandomBytes,
): string {
  const sealed = sealBox(
    keyringBox(accountKey, epoch, binding),
    pad(encodeKeyring(keyring)),
    random,
  );
  return encodeCanonical({ v: 4, epoch, sealed: encodeBase64url(sealed) });
}

/**
 * The keyring that `state` names. Throws `cannot-open` unless it is that very text, the accountKey fits, its authority key
 * is the state's, and it holds exactly the state's wallets up to the state's generations.
 */
export function openKeyring(text: string, accountKey: AccountKey, state: VerifiedState): Keyring {
  return openOrRefuse(() => {
    const { epoch, hash, sealed } = parseSealedKeyring(text);
    if (hash !== state.keyringHash || epoch > state.epoch) throw cannotOpen();
    const box = keyringBox(accountKey, epoch, bindingAt(epoch, state.account));
    const plaintext = unpad(openBox(box, parseBase64url(sealed)));
    const keyring = parseKeyring(parseCanonicalBytes(plaintext, limits.keyringBytes));
    if (!belongsTo(keyring, state)) throw cannotOpen();
    return keyring;
  });
}

function belongsTo(keyring: Keyring, state: VerifiedState): boolean {
  return (
    publicKeyOf(keyring.authoritySeed) === state.authorityKey &&
    keyring.wallets.length === state.wallets.length &&
    state.wallets.every(({ walletId, generation }) =>
      keyring.wallets.some(
        (one) => one.walletId === walletId && one.generations.length === generation,
      ),
    )
  );
}

function keyringBox(accountKey: AccountKey, epoch: number, binding: AccountBinding) {
  return {
    type: "keyring",
    key: accountKey.expose(),
    context: { v: 4, epoch, ...binding },
  } as const;
}

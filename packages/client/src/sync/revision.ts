/** Wallets to revisions and back: packing and HMAC, verification and unpacking (P3C-3, P3C-4, P3C-6, P3C-27). */
import {
  formatWalletText,
  packWallet,
  parseWallet,
  unpackBlob,
  WalletError,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import type { HeldAccount } from "../device/held-device.ts";
import type { KnownRevision } from "../device/profile.ts";
import type { HostMisbehaves } from "../outcomes.ts";
import {
  newerKeys,
  olderKeys,
  type DerivedSecrets,
  type WalletKeys,
} from "../protocol-3/derive.ts";
import type { Revision } from "../protocol-3/host-api.ts";
import { isWalletHmac, walletHmac } from "../protocol-3/wallet-hmac.ts";

/** The wallet as a revision in the newer clients' form. */
export async function sealRevision(
  { ports }: HeldAccount,
  wallet: WalletDocument,
  sequence: number,
  secrets: DerivedSecrets,
): Promise<KnownRevision> {
  const { hmacKey, walletPassword } = newerKeys(secrets);
  const encryptedWallet = await packWallet(wallet, walletPassword.reveal(), {
    iv: ports.randomBytes(16),
    scrypt: ports.scrypt,
  });
  return {
    encryptedWallet,
    sequence,
    hmac: walletHmac(hmacKey, sequence, encryptedWallet),
    walletText: formatWalletText(wallet),
  };
}

/** The keys whose HMAC a revision carries, in whichever client's form; null: nobody with our password made it. */
export function findKeys(revision: Revision, secrets: DerivedSecrets): WalletKeys | null {
  const forms = [newerKeys(secrets), olderKeys(secrets)];
  return forms.find(({ hmacKey }) => isWalletHmac(hmacKey, revision)) ?? null;
}

export const wrongHmac: HostMisbehaves = {
  type: "host-misbehaves",
  fault: "wrong-hmac",
  detail: "no device with this password vouches for the wallet it shows",
};

/** Verifies, then unpacks. */
export async function openRevision(
  { ports }: HeldAccount,
  revision: Revision,
  secrets: DerivedSecrets,
): Promise<
  | { readonly type: "opened"; readonly wallet: WalletDocument; readonly known: KnownRevision }
  | HostMisbehaves
> {
  const keys = findKeys(revision, secrets);
  if (keys === null) return wrongHmac;
  try {
    const walletText = await unpackBlob(revision.encryptedWallet, keys.walletPassword.reveal(), {
      scrypt: ports.scrypt,
    });
    return { type: "opened", wallet: parseWallet(walletText), known: { ...revision, walletText } };
  } catch (error) {
    if (!(error instanceof WalletError)) throw error;
    return { type: "host-misbehaves", fault: "undecodable", detail: error.message };
  }
}

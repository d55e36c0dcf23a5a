/**
 * The pairing message (P4C-66, P4C-67): an unlocked device hands the account to a new one, past the host. It is sealed to the
 * invitation's key, under the invitation's secret, for that host, pairing and device name.
 */
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import type { RandomBytes } from "../bytes/random.ts";
import { canonicalBytes } from "../canonical/canonical-json.ts";
import { cannotOpen, malformed } from "../crypto-error.ts";
import type { HostOrigin } from "../identifiers.ts";
import { limits } from "../limits.ts";
import { inDomain } from "../signature/domain.ts";
import { encapsulatedBytes, type HpkeKeyPair, recipientKeys, suite } from "./hpke-suite.ts";
import type { Invitation } from "./invitation.ts";
import { encodePayload, openPayload, type PairedAccount } from "./pairing-payload.ts";

/** The new device's side: what it shows, and the private key that it keeps in memory until the answer. */
export interface OpenPairing {
  readonly invitation: Invitation;
  readonly keys: HpkeKeyPair;
}

/** A new pairing, asked for by a device that calls itself `deviceName`. */
export async function createPairing(
  host: HostOrigin,
  deviceName: string,
  random: RandomBytes,
): Promise<OpenPairing> {
  const keys = await recipientKeys(random(32));
  const publicKey = encodeBase64url(await suite.SerializePublicKey(keys.publicKey));
  const pairingId = encodeBase64url(random(16));
  const secret = encodeBase64url(random(32));
  return { invitation: { v: 4, host, pairingId, publicKey, secret, deviceName }, keys };
}

/** The message for the device that made the invitation, as base64url. Throws `malformed` for an invitation whose key is none. */
export async function sealPairing(invitation: Invitation, paired: PairedAccount): Promise<string> {
  const plaintext = encodePayload(paired);
  try {
    const recipient = await suite.DeserializePublicKey(parseBase64url(invitation.publicKey, 32));
    const sealed = await suite.Seal(recipient, plaintext, binding(invitation));
    return encodeBase64url(concatBytes(sealed.encapsulatedSecret, sealed.ciphertext));
  } catch {
    throw malformed("pairing code");
  }
}

/** The account that an answer to an invitation holds, verified. Throws `cannot-open` where anything does not fit. */
export async function openPairing(
  { invitation, keys }: OpenPairing,
  message: string,
): Promise<PairedAccount> {
  if (message.length > limits.pairingBytes) throw cannotOpen();
  try {
    const bytes = parseBase64url(message);
    const encapsulated = bytes.slice(0, encapsulatedBytes);
    const ciphertext = bytes.slice(encapsulatedBytes);
    const plaintext = await suite.Open(keys, encapsulated, ciphertext, binding(invitation));
    return openPayload(plaintext, invitation.host);
  } catch {
    throw cannotOpen();
  }
}

/** P4C-66: the whole invitation but its secret is HPKE's `info`; the secret is its pre-shared key. */
function binding({ v, host, pairingId, publicKey, secret, deviceName }: Invitation) {
  return {
    info: inDomain("pairing", canonicalBytes({ v, host, pairingId, publicKey, deviceName })),
    psk: parseBase64url(secret, 32),
    pskId: utf8ToBytes(pairingId),
  };
}

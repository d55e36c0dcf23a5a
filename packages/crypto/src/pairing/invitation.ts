/**
 * Pairing invitations (P4C-65): what a new device shows as a QR code or a line to copy. Whoever sees it can lure the new
 * device into another account, which is why it shows the account before it says yes, but opens nothing with it.
 */
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import { canonicalBytes, parseCanonicalBytes } from "../canonical/canonical-json.ts";
import * as field from "../canonical/fields.ts";
import { bytesText, type Read, record } from "../canonical/reader.ts";
import { malformed } from "../crypto-error.ts";
import { limits } from "../limits.ts";
import { parseDeviceName } from "./device-name.ts";

const prefix = "holdfast-pair:";
const shape = {
  v: field.version,
  host: field.hostOrigin,
  pairingId: bytesText(16),
  /** X25519, for this one message. */
  publicKey: bytesText(32),
  /** HPKE's pre-shared key: proof that the other side saw this invitation. */
  secret: bytesText(32),
  deviceName: parseDeviceName,
};
const readInvitation = record("pairing invitation", shape);

export type Invitation = Read<typeof shape>;

/** The invitation as one line of text, also the content of the QR code. */
export function encodeInvitation(invitation: Invitation): string {
  return prefix + encodeBase64url(canonicalBytes(invitation));
}

/** An invitation that was scanned or pasted; throws `malformed`. */
export function parseInvitation(typed: string): Invitation {
  const line = typed.trim();
  if (!line.startsWith(prefix) || line.length > limits.invitationBytes) {
    throw malformed("pairing code");
  }
  const bytes = parseBase64url(line.slice(prefix.length));
  return readInvitation(parseCanonicalBytes(bytes, limits.invitationBytes));
}

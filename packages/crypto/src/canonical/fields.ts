/** Readers of the fields that several objects share. */
import { malformed } from "../crypto-error.ts";
import type { Hash, HostOrigin, SlotId, WalletId } from "../identifiers.ts";
import { parsePublicKey } from "../signature/public-key.ts";
import type { PublicKey } from "../identifiers.ts";
import { bytesText, integer, oneOf, type Reader } from "./reader.ts";

/** The protocol version that every object of this package carries. */
export const version = oneOf(4);
export const hash: Reader<Hash> = bytesText<Hash>(32);
export const slotId: Reader<SlotId> = bytesText<SlotId>(16);
export const nonce = bytesText(32);
/** A position in a chain, or a generation: from 1. */
export const ordinal = integer(1);
/** Milliseconds since 1970. */
export const timeMs = integer(0);

export const publicKey: Reader<PublicKey> = (value) => {
  if (typeof value !== "string") throw malformed("public key");
  return parsePublicKey(value);
};

export const walletId: Reader<WalletId> = (value) =>
  value === "default" ? (value as WalletId) : bytesText<WalletId>(32)(value);

/** A device's name for itself: 1 to 64 letters, digits, `-` and `_`. */
export const deviceId: Reader<string> = (value) => {
  if (typeof value !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(value))
    throw malformed("device id");
  return value;
};

export const hostOrigin: Reader<HostOrigin> = (value) => {
  if (typeof value !== "string") throw malformed("host origin");
  return parseHostOrigin(value);
};

const originForm =
  /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?$/;

/** A host's origin in the form that browsers give it; throws `malformed`. */
export function parseHostOrigin(text: string): HostOrigin {
  if (text.length > 255 || !originForm.test(text)) throw malformed("host origin");
  return text as HostOrigin;
}

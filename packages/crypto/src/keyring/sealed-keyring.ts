/** The sealed keyring as the host keeps it: a canonical text that the security state names by hash (P4C-25). */
import { parseCanonical } from "../canonical/canonical-json.ts";
import * as field from "../canonical/fields.ts";
import { type Read, type Reader, record } from "../canonical/reader.ts";
import { parseBase64url } from "../bytes/base64url.ts";
import { malformed } from "../crypto-error.ts";
import { hashText } from "../hash/hash.ts";
import type { Hash } from "../identifiers.ts";
import { limits } from "../limits.ts";

const sealedText: Reader<string> = (value) => {
  if (typeof value !== "string") throw malformed("keyring");
  parseBase64url(value);
  return value;
};

const shape = { v: field.version, epoch: field.ordinal, sealed: sealedText };
const readSealedKeyring = record("keyring", shape);

/** `epoch` is that of the state that named this text first. */
export interface SealedKeyring extends Read<typeof shape> {
  readonly text: string;
  readonly hash: Hash;
}

/** A sealed keyring from its canonical text; throws `malformed`. */
export function parseSealedKeyring(text: string): SealedKeyring {
  const fields = readSealedKeyring(parseCanonical(text, limits.keyringBytes));
  return { ...fields, text, hash: hashText(text) };
}

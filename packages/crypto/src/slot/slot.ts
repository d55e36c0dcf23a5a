/**
 * Key slots (P4C-23): the accountKey wrapped for one way to open it. A slot travels and is stored as its canonical text;
 * the security state names that text by hash.
 */
import { parseCanonical } from "../canonical/canonical-json.ts";
import * as field from "../canonical/fields.ts";
import { bytesText, oneOf, type Read, record } from "../canonical/reader.ts";
import { hashText } from "../hash/hash.ts";
import type { Hash } from "../identifiers.ts";
import { limits } from "../limits.ts";

export const slotKinds = ["password", "recovery", "passkey"] as const;
export type SlotKind = (typeof slotKinds)[number];

/** nonce (24) ‖ accountKey (32) ‖ tag (16). */
const sealedBytes = 72;

const shape = {
  v: field.version,
  kind: oneOf(...slotKinds),
  slotId: field.slotId,
  epoch: field.ordinal,
  reference: field.hash,
  sealed: bytesText(sealedBytes),
};

/**
 * A slot's fields. `epoch` is that of the state that named it first. `reference` is the hash of what the host serves it
 * by: the OPAQUE record, the phrase's look-up id, the passkey's credential id.
 */
type SlotFields = Read<typeof shape>;
/** A slot's fields with its canonical text and that text's hash. */
export interface Slot extends SlotFields {
  readonly text: string;
  readonly hash: Hash;
}

const readSlot = record("key slot", shape);

/** A slot from its canonical text; throws `malformed`. */
export function parseSlot(slotText: string): Slot {
  const fields = readSlot(parseCanonical(slotText, limits.slotBytes));
  return { ...fields, text: slotText, hash: hashText(slotText) };
}

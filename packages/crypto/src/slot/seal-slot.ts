/** Sealing and opening key slots (P4C-23, P4C-24). */
import { type AccountBinding, bindingAt } from "../account/account-context.ts";
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import type { RandomBytes } from "../bytes/random.ts";
import { type CanonicalObject, encodeCanonical } from "../canonical/canonical-json.ts";
import { cannotOpen, openOrRefuse } from "../crypto-error.ts";
import { hashText } from "../hash/hash.ts";
import type { Hash, SlotId } from "../identifiers.ts";
import { openBox, sealBox } from "../sealed/sealed-box.ts";
import { Secret } from "../secret/secret.ts";
import type { VerifiedState } from "../state/verified-state.ts";
import type { SlotKey } from "./slot-key.ts";
import { parseSlot, type Slot, type SlotKind } from "./slot.ts";

/** 32 random bytes; open the keyring; new at every rotation. */
export type AccountKey = Secret<"account-key">;

/** A slot to be made: its key, and the hash of what the host serves it by. */
export interface NewSlot {
  readonly key: SlotKey;
  readonly reference: Hash;
}

export function sealSlot(
  { key: { kind, key }, reference }: NewSlot,
  accountKey: AccountKey,
  epoch: number,
  binding: AccountBinding,
  random: RandomBytes,
): Slot {
  const slotId = encodeBase64url(random(16)) as SlotId;
  const bound = { v: 4 as const, kind, slotId, epoch, reference };
  const box = { type: "slot", key: key.expose(), context: slotContext(bound, binding) } as const;
  const fields = { ...bound, sealed: encodeBase64url(sealBox(box, accountKey.expose(), random)) };
  const text = encodeCanonical(fields);
  return { ...fields, text, hash: hashText(text) };
}

/**
 * The accountKey of a slot that `state` names. Throws `cannot-open` unless it is that very slot, of that kind, and the key
 * fits.
 */
export function openSlot(
  slotText: string,
  { kind, key }: SlotKey,
  state: VerifiedState,
): AccountKey {
  return openOrRefuse(() => {
    const slot = parseSlot(slotText);
    const named = state.slots.find(({ slotId }) => slotId === slot.slotId);
    if (named?.hash !== slot.hash || named.kind !== kind || slot.kind !== kind) throw cannotOpen();
    if (slot.epoch > state.epoch) throw cannotOpen();
    const context = slotContext(slot, bindingAt(slot.epoch, state.account));
    const box = { type: "slot", key: key.expose(), context } as const;
    return new Secret("account-key", openBox(box, parseBase64url(slot.sealed)));
  });
}

interface Bound {
  readonly kind: SlotKind;
  readonly slotId: SlotId;
  readonly epoch: number;
  readonly reference: Hash;
}

function slotContext(slot: Bound, binding: AccountBinding): CanonicalObject {
  const { kind, slotId, epoch, reference } = slot;
  return { v: 4, kind, slotId, epoch, reference, ...binding };
}

/** What a registration or an upgrade brings, checked as a whole before anything is stored (P4-21). */
import {
  checkChange,
  type ChangeOutcome,
  hashBytes,
  type HostOrigin,
  parseOpaqueRecord,
  type SignedState,
  type Slot,
  type VerifiedState,
} from "@holdfast/crypto/verify";
import { quickCheck } from "./quick-check.ts";
import type { StoredSlot } from "./credential-store.ts";

export interface AccountPieces {
  /** OPAQUE registration record, base64url. */
  readonly record: string;
  readonly state: SignedState;
  readonly slots: readonly string[];
  readonly keyring: string;
}

export type CheckedAccount =
  | {
      readonly type: "checked";
      readonly first: VerifiedState;
      readonly slots: readonly StoredSlot[];
      readonly keyring: string;
    }
  | { readonly type: "refused-state"; readonly why: string };

/** Throws CryptoError `malformed` for a record that is none. */
export function checkNewAccount(pieces: AccountPieces, host: HostOrigin): CheckedAccount {
  const outcome = checkChange({
    host,
    states: [pieces.state],
    slots: pieces.slots,
    keyring: pieces.keyring,
    record: parseOpaqueRecord(pieces.record),
    mayClose: () => false,
    quickCheck,
  });
  if (outcome.type !== "accepted") return { type: "refused-state", why: explainChange(outcome) };
  const { newest, slots, keyring } = outcome;
  if (keyring === undefined) return { type: "refused-state", why: "wrong-pieces" };
  return { type: "checked", first: newest, slots: slots.map(toStoredSlot), keyring: keyring.text };
}

export function toStoredSlot({ slotId, kind, reference, text }: Slot): StoredSlot {
  return { slotId, kind, reference, text };
}

/** The refusal's name, with the rule that an unlawful state breaks. */
export function explainChange(outcome: Exclude<ChangeOutcome, { type: "accepted" }>): string {
  return outcome.type === "unlawful" ? `unlawful: ${outcome.rule}` : outcome.type;
}

/** The reference by which a recovery slot is found: the hash of the look-up id's bytes. */
export function recoveryReference(lookupId: Uint8Array): string {
  return hashBytes(lookupId);
}

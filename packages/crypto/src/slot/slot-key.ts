/** Slot keys: what each way to open an account yields (P4C-20, P4C-21, P4C-22). */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { deriveBytes } from "../keys/derive-bytes.ts";
import { Secret } from "../secret/secret.ts";
import type { SlotKind } from "./slot.ts";

/** The key that wraps the accountKey in a slot of one kind. */
export interface SlotKey<Kind extends SlotKind = SlotKind> {
  readonly kind: Kind;
  readonly key: Secret<"slot-key">;
}

/** From OPAQUE's export key (64 bytes). */
export function passwordSlotKey(rootKey: Secret<"root-key">): SlotKey<"password"> {
  return slotKey("password", rootKey.expose());
}

/** From the 256 bits of a recovery phrase. */
export function recoverySlotKey(phrase: Secret<"recovery-entropy">): SlotKey<"recovery"> {
  return slotKey("recovery", phrase.expose());
}

/** From the PRF output (32 bytes) of a passkey's `get()` with `passkeyPrfInput`. */
export function passkeySlotKey(prfOutput: Secret<"prf-output">): SlotKey<"passkey"> {
  return slotKey("passkey", prfOutput.expose());
}

/** The input that every passkey's PRF is evaluated on: 32 bytes. */
export function passkeyPrfInput(): Uint8Array {
  return sha256(utf8ToBytes("holdfast/4/passkey-prf"));
}

function slotKey<Kind extends SlotKind>(kind: Kind, input: Uint8Array): SlotKey<Kind> {
  return { kind, key: new Secret("slot-key", deriveBytes(input, `slot/${kind}`)) };
}

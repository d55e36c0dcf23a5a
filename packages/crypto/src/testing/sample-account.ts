import { createAccount } from "../account/create-account.ts";
import type { ChangedAccount } from "../account/draft.ts";
import type { RandomBytes } from "../bytes/random.ts";
import { parseHostOrigin } from "../canonical/fields.ts";
import { hashBytes } from "../hash/hash.ts";
import {
  createRecoveryPhrase,
  type RecoveryEntropy,
  recoveryReference,
} from "../phrase/recovery-phrase.ts";
import { Secret } from "../secret/secret.ts";
import type { NewSlot } from "../slot/seal-slot.ts";
import {
  passkeySlotKey,
  passwordSlotKey,
  recoverySlotKey,
  type SlotKey,
} from "../slot/slot-key.ts";
import type { SignedState } from "../state/security-state.ts";
import { seededBytes } from "./seeded-bytes.ts";

export const sampleHost = parseHostOrigin("https://holdfast.example");
export const sampleTime = 1_795_000_000_000;

/** An account as tests begin with it, and what made it. */
export interface SampleAccount extends ChangedAccount {
  readonly random: RandomBytes;
  readonly passwordKey: SlotKey;
  readonly record: Uint8Array;
  readonly entropy: RecoveryEntropy;
  readonly states: readonly SignedState[];
}

/** An account with a password and a recovery phrase, the same for the same seed. */
export function sampleAccount(seed = "sample"): SampleAccount {
  const random = seededBytes(seed);
  const entropy = createRecoveryPhrase(random);
  const { slot, key, record } = samplePassword(random);
  const created = createAccount(sampleHost, [slot, sampleRecovery(entropy)], {
    random,
    savedAt: sampleTime,
  });
  return { ...created, random, passwordKey: key, record, entropy, states: [created.change.state] };
}

/** A password as OPAQUE would yield it, without its half second. */
export function samplePassword(random: RandomBytes): {
  slot: NewSlot;
  key: SlotKey;
  record: Uint8Array;
} {
  const key = passwordSlotKey(new Secret("root-key", random(64)));
  const record = random(192);
  return { slot: { key, reference: hashBytes(record) }, key, record };
}

export function sampleRecovery(entropy: RecoveryEntropy): NewSlot {
  return { key: recoverySlotKey(entropy), reference: recoveryReference(entropy) };
}

export function samplePasskey(random: RandomBytes): NewSlot {
  const key = passkeySlotKey(new Secret("prf-output", random(32)));
  return { key, reference: hashBytes(random(16)) };
}

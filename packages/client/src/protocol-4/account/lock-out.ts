/** When a device may not go on by itself (P4K-25): the password was changed or the keys were rotated, and not by it. */
import type { VerifiedState } from "@holdfast/crypto";
import { forgotten, type HeldAccount, namedSlots } from "../record/held-account.ts";
import type { VerifiedCredentials } from "./verify-credentials.ts";

/** Whether a device that was unlocked under the one state may not go on by itself under the other (P4K-25). */
export function isLockedOut(before: VerifiedState, after: VerifiedState): boolean {
  const passwordOf = ({ slots }: VerifiedState) => slots.find(({ kind }) => kind === "password");
  return (
    before.authorityKey !== after.authorityKey ||
    passwordOf(before)?.slotId !== passwordOf(after)?.slotId
  );
}

/** Remembers what was verified, and forgets the keys. */
export async function lockOut(
  account: HeldAccount,
  { newest, states, slots, keyring }: VerifiedCredentials,
): Promise<void> {
  account.lock();
  await account.save({
    states: states.map(({ signed }) => signed),
    slots: namedSlots(newest, [...account.record.slots, ...slots]),
    keyring,
    ...forgotten(account.record),
  });
}

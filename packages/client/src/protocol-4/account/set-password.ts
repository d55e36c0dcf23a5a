/**
 * A new password (P4K-34): by whoever has the account open, whether through the old password, the phrase, a pairing or a
 * passcode. All other devices forget their keys; this one gets a new session.
 */
import { changeCredentials, CryptoError, type NewSlot, passwordSlotKey } from "@holdfast/crypto";
import { type HostFailure4, misbehaves, type SessionEnded4 } from "../outcomes.ts";
import { type HeldAccount, opaqueOf } from "../record/held-account.ts";
import { type ChangeOutcome4, type ChangeToSend, sendChange, settleChange } from "./change.ts";

export async function setPassword(
  account: HeldAccount,
  newPassword: string,
  signal?: AbortSignal,
): Promise<ChangeOutcome4> {
  const settled = await settleChange(account, { signal });
  if (settled.type !== "changed" && settled.type !== "not-changed") return settled;
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const made = await makePasswordSlot(account, newPassword, signal);
  if (made.type !== "slot") return made;
  const changed = changeCredentials(unlocked, { addSlots: [made.slot] }, environmentOf(account));
  return await sendChange(account, { changed, password: made.password, signal });
}

type MadeSlot = {
  readonly type: "slot";
  readonly slot: NewSlot;
  readonly password: NonNullable<ChangeToSend["password"]>;
};

/** Registers a password with the host (OPAQUE); nothing is changed by that alone. */
export async function makePasswordSlot(
  account: HeldAccount,
  password: string,
  signal: AbortSignal | undefined,
): Promise<MadeSlot | SessionEnded4 | HostFailure4> {
  const { api, ports, token } = account;
  if (token === null) return { type: "session-ended" };
  const opaque = await opaqueOf(ports);
  const round = opaque.startRegistration(password);
  const started = await api.call("startCredentials", {
    body: { registration: round.request },
    token,
    signal,
  });
  if (started.type !== "answer") return started;
  const { registrationId, response } = started.value;
  try {
    const { record, reference, rootKey } = opaque.finishRegistration(password, round, response);
    const slot = { key: passwordSlotKey(rootKey), reference };
    return { type: "slot", slot, password: { registrationId, record } };
  } catch (error) {
    if (error instanceof CryptoError && error.code === "malformed")
      return misbehaves("malformed-answer", "its answer to the new password is none");
    throw error;
  }
}

export function environmentOf({ ports }: HeldAccount) {
  return { random: ports.randomBytes, savedAt: ports.clock.nowMs() };
}

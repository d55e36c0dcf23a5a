/** The recovery slot: made, or made anew, for words that were shown to the person before (P4K-36). */
import { changeCredentials, type RecoveryEntropy } from "@holdfast/crypto";
import type { HeldAccount } from "../record/held-account.ts";
import { type ChangeOutcome4, sendChange, settleChange } from "./change.ts";
import { phraseSlots } from "./register.ts";
import { environmentOf } from "./set-password.ts";

/** From now on these words open the account, and the ones before do not. */
export async function setRecoveryPhrase(
  account: HeldAccount,
  phrase: RecoveryEntropy,
  signal?: AbortSignal,
): Promise<ChangeOutcome4> {
  const settled = await settleChange(account, { signal });
  if (settled.type !== "changed" && settled.type !== "not-changed") return settled;
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const changed = changeCredentials(
    unlocked,
    { addSlots: phraseSlots(phrase) },
    environmentOf(account),
  );
  return await sendChange(account, { changed, signal });
}

/** No words open the account any more. */
export async function removeRecoveryPhrase(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<ChangeOutcome4> {
  const settled = await settleChange(account, { signal });
  if (settled.type !== "changed" && settled.type !== "not-changed") return settled;
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const dropSlots = unlocked.state.slots
    .filter(({ kind }) => kind === "recovery")
    .map(({ slotId }) => slotId);
  if (dropSlots.length === 0) return { type: "changed" };
  const changed = changeCredentials(unlocked, { dropSlots }, environmentOf(account));
  return await sendChange(account, { changed, signal });
}

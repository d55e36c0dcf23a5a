/**
 * The fate of a password change whose answer was lost (P3C-39). The salt seed tells: each change has its own, so the
 * host showing the new one means that the change was made. Until then old and new keys are both kept.
 */
import type { HeldAccount } from "../device/held-device.ts";
import type { PendingPasswordChange } from "../device/profile.ts";
import type { HostFailure } from "../outcomes.ts";

/** Looks once; `settled` also when there is nothing to settle or the change has not (yet) been made. */
export async function settlePasswordChange(
  account: HeldAccount,
): Promise<{ readonly type: "settled" } | HostFailure> {
  const { passwordChange, email } = account.profile;
  if (passwordChange === null) return { type: "settled" };
  const answer = await account.host.fetchSaltSeed(email, account.signal);
  if (answer.type === "unknown-account") return { type: "settled" };
  if (answer.type !== "salt-seed") return answer;
  if (answer.saltSeed === passwordChange.saltSeed)
    await adoptPasswordChange(account, passwordChange);
  return { type: "settled" };
}

/** Takes the new keys over in one durable step; every token of the account is dead. What was in flight with them, the next look at the host settles. */
export async function adoptPasswordChange(
  account: HeldAccount,
  { saltSeed, secrets }: PendingPasswordChange,
): Promise<void> {
  const { profile } = account;
  await account.change({
    saltSeed,
    secrets,
    previousWalletPassword: profile.secrets?.walletPassword ?? profile.previousWalletPassword,
    session: null,
    passwordChange: null,
  });
}

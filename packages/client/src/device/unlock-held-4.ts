import type { PasscodeNeeded, PasswordNeeded } from "../outcomes.ts";
import { unlockByPasscode } from "../protocol-4/account/passcode.ts";
import type { HeldProfile4 } from "./hold-account-4.ts";

const maxAttempts = 5;

/** null: the account is open, if need be after the person gave the passcode. */
export async function unlockHeld({
  account,
  askPasscode,
}: Pick<HeldProfile4, "account"> & Partial<Pick<HeldProfile4, "askPasscode">>): Promise<
  PasswordNeeded | PasscodeNeeded | null
> {
  if (account.unlocked !== null) return null;
  if (account.record.key.type !== "passcode") return { type: "password-needed" };
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const passcode = (await askPasscode?.(attempt)) ?? null;
    if (passcode === null) return { type: attempt === 1 ? "passcode-needed" : "wrong-passcode" };
    const opened = await unlockByPasscode(account, passcode.reveal());
    if (opened.type === "unlocked") return null;
  }
  return { type: "wrong-passcode" };
}

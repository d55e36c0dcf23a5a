import { unlockByPasscode } from "../protocol-4/account/passcode.ts";
import type { HeldProfile4 } from "./hold-account-4.ts";

/** null: the account is open, if need be after the person gave the passcode. */
export async function unlockHeld({
  account,
  askPasscode,
}: HeldProfile4): Promise<{ readonly type: "password-needed" } | null> {
  if (account.unlocked !== null) return null;
  if (account.record.key.type !== "passcode" || askPasscode === undefined)
    return { type: "password-needed" };
  const passcode = await askPasscode();
  if (passcode === null) return { type: "password-needed" };
  const opened = await unlockByPasscode(account, passcode.reveal());
  return opened.type === "unlocked" ? null : { type: "password-needed" };
}

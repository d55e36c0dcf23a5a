/** How soon a passcode falls to somebody who copied the device's files (CLI-51): they try passcodes at leisure, without any host. */
import { CliError } from "../cli-error.ts";
import { newPasscode, type PasswordOptions, readPassword } from "../terminal/passwords.ts";
import { remark } from "../terminal/progress.ts";
import { terminal } from "../terminal/terminal.ts";

/** Of fewer, all that are digits are tried within a day, at a quarter of a second each (ADR 5). */
const least = 6;
/** Of fewer, all that are digits are tried within a year by a thousand processors. */
const resists = 12;

export interface NewPasscodeOptions extends PasswordOptions {
  readonly allowWeakPasscode?: true;
}

/** A passcode that is to be this device's, twice from a person. */
export async function readNewPasscode({
  newPasscodeFile,
  allowWeakPasscode: allowed,
}: NewPasscodeOptions): Promise<string> {
  return await readPassword(newPasscode, newPasscodeFile, {
    confirm: true,
    check: (typed) => {
      checkPasscode(typed, allowed === true);
    },
  });
}

/** Refuses an empty passcode, and a very short one unless it is allowed; says so of one that is no more than short. */
function checkPasscode(passcode: string, allowed: boolean): void {
  const length = Array.from(passcode).length;
  if (length === 0)
    throw new CliError(
      "empty-passcode",
      "An empty passcode protects nothing, so nothing was changed: choose another.",
    );
  if (length < least && !allowed)
    throw new CliError(
      "weak-passcode",
      `This passcode has fewer than ${least} characters, so nothing was changed: whoever copies this device's files tries passcodes at leisure and soon has it. Choose a longer one; --allow-weak-passcode takes it as it is.`,
    );
  if (length < resists)
    remark(
      terminal.fitErr(
        `Whoever copies this device's files can try passcodes at leisure: one of fewer than ${resists} characters is weak against that.`,
      ),
    );
}

export const allowWeakPasscode = [
  "--allow-weak-passcode",
  "take a passcode that is soon guessed from a copy of this device",
] as const;

import { setPassword } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { readStatus } from "../account-input.ts";
import { changePassword3 } from "../account-3/change-password-3.ts";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { readStrongPassword, type StrengthOptions } from "../account-4/password-strength.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import type { PasswordOptions } from "../terminal/passwords.ts";
import { addPasswordOption, mfaCode, newPassword, passcode } from "../terminal/passwords.ts";

interface ChangePasswordOptions extends PasswordOptions, StrengthOptions {
  readonly syncFirst?: true;
}

export function addChangePasswordCommand(program: Command): void {
  const command = program
    .command("change-password")
    .summary("change the password everywhere")
    .description(
      "Changes the password in one request: it happens as a whole or not at all. This device does not need the old one: its keys are enough. The others forget their keys and ask for the new password at their next `login`. An account of protocol 3 is encrypted anew with it, logs this device out too, and is refused while there are changes to push.",
    )
    .option("--sync-first", "protocol 3: bring this device and the host together before")
    .option("--allow-weak-password", "take a password that would soon be guessed")
    .addHelpText(
      "after",
      examples([
        "holdfast change-password",
        "HOLDFAST_NEW_PASSWORD=… holdfast change-password --json",
      ]),
    );
  addPasswordOption(command, newPassword);
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((options: ChangePasswordOptions) =>
    runCommand(command, (context) => changePassword(context, options)),
  );
}

async function changePassword(
  context: CommandContext,
  options: ChangePasswordOptions,
): Promise<CommandResult> {
  const status = await readStatus(context);
  if (status.type !== "status") return refuseOutcome(status);
  if (status.protocol === 3) return await changePassword3(context, options);
  return await withAccount4(
    context,
    async ({ account }) => {
      const password = await readStrongPassword(
        newPassword,
        options.newPasswordFile,
        [account.record.id],
        options,
      );
      const outcome = await askHost(account, "Changing the password", options, () =>
        setPassword(account, password),
      );
      if (outcome.type !== "changed") return refuse4(outcome);
      return done(
        [
          "Changed the password. This device stays logged in; the others ask for the new password at `holdfast login`.",
        ],
        { changed: true, epoch: account.newest.epoch },
      );
    },
    { options },
  );
}

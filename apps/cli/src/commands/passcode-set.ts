import { setPasscode } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { withAccount4 } from "../account-4/hold-account.ts";
import {
  allowWeakPasscode,
  type NewPasscodeOptions,
  readNewPasscode,
} from "../account-4/passcode-strength.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, newPasscode, passcode } from "../terminal/passwords.ts";
import { withProgress } from "../terminal/progress.ts";

export function addPasscodeSetCommand(group: Command): void {
  const command = group
    .command("set")
    .summary("keep this device's keys under a passcode")
    .description(
      "From now on this device's profile opens the account only with the passcode, which commands ask for when they need the keys. It works on this device alone, also without a host, and the password does not change. The wallet itself lies in the profile as before. Somebody who copies the profile can try passcodes at leisure: a short one is weak against that.",
    )
    .option(...allowWeakPasscode)
    .addHelpText("after", examples(["holdfast passcode set"]));
  addPasswordOption(command, newPasscode);
  addPasswordOption(command, passcode);
  command.action((options: NewPasscodeOptions) =>
    runCommand(command, (context) => set(context, options)),
  );
}

async function set(context: CommandContext, options: NewPasscodeOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const typed = await readNewPasscode(options);
      const outcome = await withProgress("Setting the passcode", () => setPasscode(account, typed));
      if (outcome.type !== "set") return refuse4(outcome);
      return done("The keys on this device open with the passcode from now on.", {
        passcode: true,
      });
    },
    { options },
  );
}

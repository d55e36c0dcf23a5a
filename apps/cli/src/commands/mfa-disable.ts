import { disableMfa } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";

export function addMfaDisableCommand(mfa: Command): void {
  const command = mfa
    .command("disable")
    .summary("ask for no code any more")
    .description(
      "Turns the second factor off. It is signed with the account's key, so a stolen token cannot do it.",
    )
    .addHelpText("after", examples(["holdfast mfa disable"]));
  addPasswordOption(command, mfaCode);
  addPasswordOption(command, passcode);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => disable(context, options)),
  );
}

async function disable(context: CommandContext, options: PasswordOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const outcome = await askHost(account, "Asking the host", options, () => disableMfa(account));
      if (outcome.type !== "disabled") return refuse4(outcome);
      return done("The second factor is off; its recovery codes are gone.", { enabled: false });
    },
    { options },
  );
}

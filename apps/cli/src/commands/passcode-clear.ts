import { clearPasscode } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, passcode, type PasswordOptions } from "../terminal/passwords.ts";

export function addPasscodeClearCommand(group: Command): void {
  const command = group
    .command("clear")
    .summary("ask for no passcode any more")
    .description(
      "Takes the passcode away: the keys lie in the profile, open to whoever can read it.",
    )
    .addHelpText("after", examples(["holdfast passcode clear"]));
  addPasswordOption(command, passcode);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => clear(context, options)),
  );
}

async function clear(context: CommandContext, options: PasswordOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      if (account.record.keep !== "passcode") return refuse4({ type: "no-passcode" });
      const outcome = await clearPasscode(account);
      if (outcome.type !== "cleared") return refuse4(outcome);
      return done("This device asks for no passcode any more.", { passcode: false });
    },
    { options },
  );
}

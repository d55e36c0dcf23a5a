import { removeRecoveryPhrase } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import { hasRecovery } from "../account-4/register-4.ts";
import { CliError } from "../cli-error.ts";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { askYes } from "../terminal/ask.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";

interface RemoveOptions extends PasswordOptions {
  readonly yes?: true;
}

export function addRecoveryRemoveCommand(recovery: Command): void {
  const command = recovery
    .command("remove")
    .summary("let no words open the account any more")
    .description(
      "Takes the recovery words away: whoever has them opens nothing with them from then on. Without any, a forgotten password cannot be got around where no device is logged in; `recovery create` makes new ones.",
    )
    .option("--yes", "do not ask")
    .addHelpText("after", examples(["holdfast recovery remove"]));
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((options: RemoveOptions) =>
    runCommand(command, (context) => remove(context, options)),
  );
}

async function remove(context: CommandContext, options: RemoveOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      if (options.yes !== true) {
        const answer = await askYes("Without words a forgotten password is final. Remove them?");
        if (answer === undefined)
          throw new CliError("usage", "Nobody can be asked here: --yes removes them.");
        if (!answer) return refused("not-wanted", "Nothing was changed.");
      }
      const hadWords = hasRecovery(account);
      const outcome = await askHost(account, "Changing the account", options, () =>
        removeRecoveryPhrase(account),
      );
      if (outcome.type !== "changed") return refuse4(outcome);
      return done(
        hadWords
          ? "No recovery words open the account any more. `holdfast recovery create` makes new ones."
          : "The account had no recovery words. Nothing was changed.",
        { recovery: false, removed: hadWords },
      );
    },
    { options },
  );
}

import { setRecoveryPhrase } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { askHost, missHost, withAccount4 } from "../account-4/hold-account.ts";
import { makeRecoveryKit, wordLines } from "../account-4/recovery-kit.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { CliError } from "../cli-error.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";

interface CreateOptions extends PasswordOptions {
  readonly showWords?: true;
}

export function addRecoveryCreateCommand(recovery: Command): void {
  const command = recovery
    .command("create")
    .summary("make 24 words that open the account")
    .description(
      "Makes new recovery words, shows them once and asks for three of them. From then on they open the account without the password, and earlier words do not.",
    )
    .option("--show-words", "put the words into the answer instead of asking for them")
    .addHelpText(
      "after",
      examples(["holdfast recovery create", "holdfast recovery create --show-words --json"]),
    );
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((options: CreateOptions) =>
    runCommand(command, (context) => create(context, options)),
  );
}

async function create(context: CommandContext, options: CreateOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const missing = await missHost(account);
      if (missing !== null) return missing;
      const kit = await makeRecoveryKit(options, account.record);
      if (kit === undefined)
        throw new CliError(
          "usage",
          "There is no terminal to show the words on: --show-words puts them into the answer.",
        );
      const outcome = await askHost(account, "Changing the account", options, () =>
        setRecoveryPhrase(account, kit.phrase),
      );
      if (outcome.type !== "changed") return refuse4(outcome);
      return done(
        [...wordLines(kit), "These words open the account from now on; earlier ones do not."],
        { recovery: true, recoveryWords: kit.shown },
      );
    },
    { options },
  );
}

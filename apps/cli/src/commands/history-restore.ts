import { restoreRevision } from "@holdfast/client";
import type { Command } from "commander";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { parsePositiveInteger } from "../parse-argument.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";

export function addHistoryRestoreCommand(history: Command): void {
  const command = history
    .command("restore")
    .argument("<revision>", "its number, as `history list` shows it", parsePositiveInteger)
    .summary("make the wallet what it was")
    .description(
      "Puts the wallet of an older revision in the place of this device's wallet, as an edit: the next sync pushes it as a new revision, and what it replaces stays in the history.",
    )
    .addHelpText("after", examples(["holdfast history restore 3 && holdfast sync"]));
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((revision: number, options: PasswordOptions) =>
    runCommand(command, (context) => restore(context, revision, options)),
  );
}

async function restore(
  context: CommandContext,
  revision: number,
  options: PasswordOptions,
): Promise<CommandResult> {
  return await withAccount4(
    context,
    async (held) => {
      const outcome = await askHost(held.account, "Fetching the revision", options, () =>
        restoreRevision(held, revision),
      );
      if (outcome.type === "local-wallet-unusable") return refuseOutcome(outcome);
      if (outcome.type !== "restored") return refuse4(outcome);
      const { hasLocalChanges } = outcome;
      const next = hasLocalChanges
        ? " `holdfast sync` pushes it on top of the newest one."
        : " That is what the newest one says too: there is nothing to push.";
      return done(`The wallet on this device is that of revision ${revision} again.${next}`, {
        restored: revision,
        localChanges: hasLocalChanges,
      });
    },
    { options },
  );
}

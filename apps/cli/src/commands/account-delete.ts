import { deleteAccount } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { askText } from "../terminal/ask.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";

interface DeleteOptions extends PasswordOptions {
  readonly confirm?: string;
}

export function addAccountDeleteCommand(account: Command): void {
  const command = account
    .command("delete")
    .summary("delete the account on the host")
    .description(
      "Deletes the account on the host with all its wallets and their history, for good. The wallet on each device stays. Asks for the account's address once more.",
    )
    .option("--confirm <email>", "the account's address, in place of the question")
    .addHelpText(
      "after",
      examples([
        "holdfast wallet export my_wallet && holdfast account delete",
        "holdfast account delete --confirm joe@example.com",
      ]),
    );
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((options: DeleteOptions) =>
    runCommand(command, (context) => remove(context, options)),
  );
}

async function remove(context: CommandContext, options: DeleteOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const { id } = account.record;
      const typed =
        options.confirm ?? (await askText("Type the account's address to delete it for good:"));
      if (typed?.trim().toLowerCase() !== id.toLowerCase())
        return refused(
          "not-confirmed",
          `Nothing was deleted. To delete this account, give its address: --confirm ${id}.`,
        );
      const outcome = await askHost(account, "Deleting the account", options, () =>
        deleteAccount(account),
      );
      if (outcome.type !== "deleted") return refuse4(outcome);
      return done(
        [
          `Deleted the account ${printable(id)} on ${printable(account.record.host)}.`,
          "The wallet on this device is kept: `holdfast wallet export FILE` writes it out.",
        ],
        { deleted: true, email: id },
      );
    },
    { options },
  );
}

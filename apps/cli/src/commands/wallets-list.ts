import { listWallets } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, passcode, type PasswordOptions } from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";

export function addWalletsListCommand(wallets: Command): void {
  const command = wallets
    .command("list")
    .summary("print the account's wallets")
    .description(
      "Prints the names of the account's wallets, as far as this device has heard of them, and which one its commands are about. The host does not know the names.",
    )
    .addHelpText("after", examples(["holdfast wallets list"]));
  addPasswordOption(command, passcode);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => list(context, options)),
  );
}

async function list(context: CommandContext, options: PasswordOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account, profile }) => {
      const outcome = await Promise.resolve(listWallets(account));
      if (outcome.type !== "wallets") return refuse4(outcome);
      const wallets = outcome.wallets.map(({ walletId, name }) => ({
        walletId,
        name,
        current: walletId === profile.walletId,
        sequence: account.record.wallets[walletId]?.sequence ?? 0,
      }));
      const lines = wallets.map(
        ({ name, current, sequence }) =>
          `${current ? "*" : " "} ${printable(name)}${sequence === 0 ? "" : `, revision ${sequence}`}`,
      );
      return done(lines, { wallets });
    },
    { options },
  );
}

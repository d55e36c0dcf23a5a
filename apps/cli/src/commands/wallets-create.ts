import { createWallet } from "@holdfast/client/protocol-4";
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
import { printable } from "../terminal/printable.ts";

export function addWalletsCreateCommand(wallets: Command): void {
  const command = wallets
    .command("create")
    .argument("<name>", "what you call it; the host does not learn it")
    .summary("give the account a further wallet")
    .description("Adds an empty wallet to the account. `wallets use` chooses it on this device.")
    .addHelpText(
      "after",
      examples(["holdfast wallets create savings && holdfast wallets use savings"]),
    );
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((name: string, options: PasswordOptions) =>
    runCommand(command, (context) => create(context, name, options)),
  );
}

async function create(
  context: CommandContext,
  name: string,
  options: PasswordOptions,
): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const outcome = await askHost(account, "Adding the wallet", options, () =>
        createWallet(account, name),
      );
      if (outcome.type !== "created") return refuse4(outcome);
      return done(
        `Added the wallet “${printable(name)}”. \`holdfast wallets use\` with its name chooses it here.`,
        { walletId: outcome.walletId, name },
      );
    },
    { options },
  );
}

import { listWallets } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, passcode, type PasswordOptions } from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";

export function addWalletsUseCommand(wallets: Command): void {
  const command = wallets
    .command("use")
    .argument("<name>", "as `wallets list` shows it")
    .summary("choose the wallet that commands are about")
    .description(
      "From now on `sync`, `pref`, `wallet import` and the like are about this wallet on this device. The other wallets stay as they are.",
    )
    .addHelpText(
      "after",
      examples(["holdfast wallets use savings", "holdfast wallets use default"]),
    );
  addPasswordOption(command, passcode);
  command.action((name: string, options: PasswordOptions) =>
    runCommand(command, (context) => use(context, name, options)),
  );
}

async function use(
  context: CommandContext,
  name: string,
  options: PasswordOptions,
): Promise<CommandResult> {
  return await withAccount4(
    context,
    async (held) => {
      const { account, profile } = held;
      const outcome = listWallets(account);
      if (outcome.type !== "wallets") return refuse4(outcome);
      const wanted = name.normalize("NFC").trim();
      const wallet = outcome.wallets.find((one) => one.name === wanted);
      if (wallet === undefined)
        return refused(
          "unknown-wallet",
          `This device knows no wallet “${wanted}” of the account. \`holdfast wallets list\` shows those it knows; \`holdfast sync\` hears of new ones.`,
        );
      // The file holds one wallet, and would be merged into the other.
      if (profile.walletPath !== null && wallet.walletId !== profile.walletId)
        return refused(
          "wallet-file-linked",
          `This profile syncs the wallet file ${profile.walletPath}. Use another profile folder for another wallet.`,
        );
      await held.change({ walletId: wallet.walletId });
      return done(`Commands are about the wallet “${printable(wallet.name)}” now.`, {
        walletId: wallet.walletId,
        name: wallet.name,
      });
    },
    { options },
  );
}

import { formatWalletText, mergeWallets } from "@holdfast/wallet/lbry";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { exact } from "../command-result.ts";
import { examples } from "../help.ts";
import { runCommand } from "../run-command.ts";
import { nowSeconds, readWallet } from "../wallet-input.ts";

export function addWalletMergeCommand(parent: Command): void {
  const command = parent
    .command("merge")
    .argument("<local>", "the wallet that is merged into")
    .argument("<remote>", "the wallet that comes in, or - for standard input")
    .summary("merge two wallets by LBRY's rules")
    .description(
      "Prints the local wallet after LBRY's own merge took the remote one in: newer preferences win, accounts are united. Neither file is changed.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast wallet merge laptop_wallet desktop_wallet > both",
        "holdfast wallet unpack remote.blob | holdfast wallet merge my_wallet -",
      ]),
    );
  command.action((local: string, remote: string) =>
    runCommand(command, () => merge(local, remote)),
  );
}

async function merge(localFile: string, remoteFile: string): Promise<CommandResult> {
  const local = await readWallet(localFile);
  const remote = await readWallet(remoteFile);
  const now = nowSeconds();
  const wallet = formatWalletText(mergeWallets(local, remote, { now }), { now });
  return exact(wallet, { wallet });
}

import { mergeThreeWay } from "@holdfast/client";
import type { WalletDocument } from "@holdfast/wallet/lbry";
import { formatWalletText, isLocked, lbryFormat, mergeWallets } from "@holdfast/wallet/lbry";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { exact, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { printable } from "../terminal/printable.ts";
import { nowSeconds, readWallet } from "../wallet-input.ts";

interface MergeOptions {
  readonly base?: string;
}

export function addWalletMergeCommand(parent: Command): void {
  const command = parent
    .command("merge")
    .argument("<local>", "the wallet that is merged into")
    .argument("<remote>", "the wallet that comes in, or - for standard input")
    .option("--base <wallet>", "the wallet both were made from: merges three-way, field by field")
    .summary("merge two wallets")
    .description(
      "Prints the local wallet after the remote one was merged into it. With --base as devices merge: what either side changed, added or removed holds, and what both changed differently is kept as a conflict. Without it by LBRY's own rules: newer preferences win as a whole, accounts are united, nothing is removed. No file is changed.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast wallet merge --base backup_wallet laptop_wallet desktop_wallet > both",
        "holdfast wallet unpack remote.blob | holdfast wallet merge my_wallet -",
      ]),
    );
  command.action((local: string, remote: string, options: MergeOptions) =>
    runCommand(command, (context) => merge(context, local, remote, options)),
  );
}

async function merge(
  context: CommandContext,
  localFile: string,
  remoteFile: string,
  { base: baseFile }: MergeOptions,
): Promise<CommandResult> {
  const base = baseFile === undefined ? null : await readWallet(baseFile);
  const local = await readWallet(localFile);
  const remote = await readWallet(remoteFile);
  if (base !== null) return mergeFromBase(context, [base, local, remote]);
  const now = nowSeconds();
  const wallet = formatWalletText(mergeWallets(local, remote, { now }), { now });
  return exact(wallet, { wallet });
}

function mergeFromBase(
  context: CommandContext,
  wallets: readonly [WalletDocument, WalletDocument, WalletDocument],
): CommandResult {
  if (wallets.some((wallet) => isLocked(wallet))) {
    return refused(
      "wallet-locked",
      "One of these wallets is encrypted on disk, so its keys cannot be compared. Nothing was changed. Decrypt it first.",
    );
  }
  const [base, local, remote] = wallets;
  const outcome = mergeThreeWay({ base, local, remote });
  if (outcome.type !== "merged") return refuseOutcome(outcome);
  const merged = lbryFormat.contentOf(outcome.wallet);
  for (const conflict of merged.conflicts.open) {
    context.note(`To be decided: ${printable(lbryFormat.describeConflict(merged, conflict))}`);
  }
  const wallet = lbryFormat.serialize(merged);
  return exact(wallet, { wallet, conflicts: lbryFormat.conflictCount(merged) });
}

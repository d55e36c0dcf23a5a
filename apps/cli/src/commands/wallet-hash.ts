import { hashWallet, isLocked, unlockWallet } from "@holdfast/wallet/lbry";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { runCommand } from "../run-command.ts";
import type { PasswordOptions } from "../terminal/passwords.ts";
import { accountPassword, addPasswordOption, findPassword } from "../terminal/passwords.ts";
import { nowSeconds, readWallet } from "../wallet-input.ts";

export function addWalletHashCommand(parent: Command): void {
  const command = parent
    .command("hash")
    .argument("<wallet>", "a wallet file, or - for standard input")
    .summary("print the wallet's sync hash")
    .description(
      "Prints what LBRY's sync_hash says of this wallet. The password of a wallet that is encrypted on disk is part of its hash: give it, or get the hash that the daemon has before it is told.",
    )
    .addHelpText(
      "after",
      examples(["holdfast wallet hash my_wallet", "holdfast wallet hash - < my_wallet"]),
    );
  addPasswordOption(command);
  command.action((file: string, options: PasswordOptions) =>
    runCommand(command, () => printHash(file, options)),
  );
}

async function printHash(file: string, options: PasswordOptions): Promise<CommandResult> {
  const wallet = await readWallet(file);
  const password = await findPassword(accountPassword, options.passwordFile);
  const unlocked =
    password !== undefined && isLocked(wallet) ? unlockWallet(wallet, password) : wallet;
  const hash = hashWallet(unlocked, {
    now: nowSeconds(),
    ...(password !== undefined && { password }),
  });
  return done(hash, { hash });
}

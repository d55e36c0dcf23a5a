import { randomBytes } from "node:crypto";
import { nativeScrypt } from "@holdfast/client/node";
import { packWallet } from "@holdfast/wallet/lbry";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { exact } from "../command-result.ts";
import { examples } from "../help.ts";
import { runCommand } from "../run-command.ts";
import type { PasswordOptions } from "../terminal/passwords.ts";
import {
  accountPassword,
  addPasswordOption,
  readPassword,
  walletPassword,
} from "../terminal/passwords.ts";
import { withProgress } from "../terminal/progress.ts";
import { nowSeconds, readUnlockedWallet } from "../wallet-input.ts";

export function addWalletPackCommand(parent: Command): void {
  const command = parent
    .command("pack")
    .argument("<wallet>", "a wallet file, or - for standard input")
    .summary("encrypt a wallet into a sync blob")
    .description(
      "Prints the blob that LBRY's own sync would store for this wallet: base64, encrypted with the password. A wallet whose seeds are encrypted in the file needs the password that unlocks it as well.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast wallet pack my_wallet > my_wallet.blob",
        "HOLDFAST_PASSWORD=… holdfast wallet pack - < my_wallet",
      ]),
    );
  addPasswordOption(command);
  addPasswordOption(command, walletPassword);
  command.action((file: string, options: PasswordOptions) =>
    runCommand(command, () => pack(file, options)),
  );
}

async function pack(file: string, options: PasswordOptions): Promise<CommandResult> {
  const wallet = await readUnlockedWallet(file, options);
  const password = await readPassword(accountPassword, options.passwordFile);
  const iv = new Uint8Array(randomBytes(16));
  const blob = await withProgress(
    "Encrypting the wallet",
    () => packWallet(wallet, password, { iv, scrypt: nativeScrypt, now: nowSeconds() }),
    { onTerminalOnly: true },
  );
  return exact(blob, { blob });
}

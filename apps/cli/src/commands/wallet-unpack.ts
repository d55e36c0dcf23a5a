import { nativeScrypt } from "@holdfast/client/node";
import { unpackBlob } from "@holdfast/wallet/lbry";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { exact } from "../command-result.ts";
import { examples } from "../help.ts";
import { runCommand } from "../run-command.ts";
import { readText } from "../terminal/input.ts";
import type { PasswordOptions } from "../terminal/passwords.ts";
import { accountPassword, addPasswordOption, readPassword } from "../terminal/passwords.ts";
import { withProgress } from "../terminal/progress.ts";

export function addWalletUnpackCommand(parent: Command): void {
  const command = parent
    .command("unpack")
    .argument("<blob>", "a file with a sync blob, or - for standard input")
    .summary("decrypt a sync blob")
    .description(
      "Prints the text inside the blob, unchanged: the wallet as JSON, its seeds in the clear.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast wallet unpack my_wallet.blob | jq .preferences",
        "holdfast wallet unpack --password-file ./password - < my_wallet.blob",
      ]),
    );
  addPasswordOption(command);
  command.action((file: string, options: PasswordOptions) =>
    runCommand(command, () => unpack(file, options)),
  );
}

async function unpack(file: string, options: PasswordOptions): Promise<CommandResult> {
  const blob = await readText(file, "a sync blob");
  const password = await readPassword(accountPassword, options.passwordFile);
  const text = await withProgress(
    "Decrypting the blob",
    () => unpackBlob(blob, password, { scrypt: nativeScrypt }),
    { onTerminalOnly: true },
  );
  return exact(text, { wallet: text });
}

import type { Change } from "@holdfast/wallet/lbry";
import { isSecretPath, lbryFormat } from "@holdfast/wallet/lbry";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { runCommand } from "../run-command.ts";
import type { JsonFields } from "../terminal/json-output.ts";
import { WalletValue } from "../terminal/json-output.ts";
import type { PasswordOptions } from "../terminal/passwords.ts";
import { addPasswordOption, walletPassword } from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";
import { readUnlockedWallet } from "../wallet-input.ts";

export function addWalletDiffCommand(parent: Command): void {
  const command = parent
    .command("diff")
    .argument("<before>", "a wallet file")
    .argument("<after>", "another one, or - for standard input")
    .summary("tell how two wallets differ")
    .description(
      "Tells in sentences what would have to change in the first wallet to make it the second. Seeds and keys are not shown. Neither file is changed.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast wallet diff backup_wallet my_wallet",
        "holdfast wallet export | holdfast wallet diff backup_wallet -",
      ]),
    );
  addPasswordOption(command, walletPassword);
  command.action((before: string, after: string, options: PasswordOptions) =>
    runCommand(command, () => diff(before, after, options)),
  );
}

async function diff(
  beforeFile: string,
  afterFile: string,
  options: PasswordOptions,
): Promise<CommandResult> {
  const before = lbryFormat.contentOf(await readUnlockedWallet(beforeFile, options));
  const after = lbryFormat.contentOf(await readUnlockedWallet(afterFile, options));
  const changes = lbryFormat.diff(before.document, after.document);
  const sentences = lbryFormat.describe(changes).map(printable);
  const same = lbryFormat.equal(before, after)
    ? "The two wallets hold the same."
    : "The two wallets hold the same, but for the conflicts and the retired keys in them.";
  return done(sentences.length === 0 ? same : sentences, {
    changes: changes.map((change, index) => changeJson(change, sentences[index] ?? "")),
  });
}

function changeJson({ path, type, before, after }: Change, description: string): JsonFields {
  const shown = (value: Change["before"]) =>
    value === undefined || isSecretPath(path) ? undefined : new WalletValue(value);
  return { path, type, description, before: shown(before), after: shown(after) };
}

import { formatWalletFile } from "@holdfast/wallet/lbry";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { needsDecision } from "../describe-conflict.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import type { PasswordOptions } from "../terminal/passwords.ts";
import { addPasswordOption, walletPassword } from "../terminal/passwords.ts";
import { readImportedWallet } from "../wallet-input.ts";

export function addWalletImportCommand(parent: Command): void {
  const command = parent
    .command("import")
    .argument("<wallet>", "a wallet file, or - for standard input")
    .summary("merge a wallet file into this device's wallet")
    .description(
      "Takes a wallet file as this device's wallet, or merges it in if the device has one already. The file itself is not changed and not watched: `register --wallet` and `login --wallet` sync a file where it lies.",
    )
    .addHelpText("after", examples(["holdfast wallet import ./my_wallet && holdfast sync"]));
  addPasswordOption(command, walletPassword);
  command.action((file: string, options: PasswordOptions) =>
    runCommand(command, (context) => importWallet(context, file, options)),
  );
}

async function importWallet(
  context: CommandContext,
  file: string,
  options: PasswordOptions,
): Promise<CommandResult> {
  const text = formatWalletFile(await readImportedWallet(file, options));
  const outcome = await withDevice(context, "Reading the wallet", (device) =>
    device.importWallet(text),
  );
  if (outcome.type !== "imported") return refuseOutcome(outcome);
  const { how, hasLocalChanges, openConflicts: conflicts } = outcome;
  const what =
    how === "taken"
      ? "This is now the wallet of this device."
      : "Merged it into the wallet of this device.";
  const next = hasLocalChanges
    ? "`holdfast sync` sends it to the host."
    : "The host has it already.";
  return done([what, next, ...needsDecision(conflicts)], {
    how,
    localChanges: hasLocalChanges,
    conflicts,
  });
}

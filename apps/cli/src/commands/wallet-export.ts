import { existsSync } from "node:fs";
import { writeWalletFile } from "@holdfast/client/node";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done, exact, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { printable } from "../terminal/printable.ts";

export function addWalletExportCommand(parent: Command): void {
  const command = parent
    .command("export")
    .argument("[file]", "where to write it; - or nothing: standard output", "-")
    .option("--force", "replace the file if there is one")
    .summary("write this device's wallet as a LBRY wallet file")
    .description(
      "Writes the wallet as the file that LBRY's own software keeps, seeds in the clear, readable by you alone (mode 0600).",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast wallet export ./my_wallet",
        "holdfast wallet export | holdfast wallet inspect -",
      ]),
    );
  command.action((file: string, options: { readonly force?: true }) =>
    runCommand(command, (context) => exportWallet(context, file, options.force === true)),
  );
}

async function exportWallet(
  context: CommandContext,
  file: string,
  replaces: boolean,
): Promise<CommandResult> {
  const outcome = await withDevice(context, "Reading the wallet", (device) =>
    device.exportWallet(),
  );
  if (outcome.type !== "exported") return refuseOutcome(outcome);
  const { text } = outcome;
  if (file === "-") return exact(text, { wallet: text });
  if (!replaces && existsSync(file)) {
    return refused("file-exists", `There is a “${file}” already; --force replaces it.`);
  }
  await writeWalletFile(file, text);
  return done(`Wrote ${printable(file)}. Anyone who can read it owns the wallet.`, { file });
}

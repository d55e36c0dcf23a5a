import { existsSync } from "node:fs";
import { writeWalletFile } from "@holdfast/client/node";
import { exportAccount } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done, exact, refused } from "../command-result.ts";
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
import { terminal } from "../terminal/terminal.ts";

interface ExportOptions extends PasswordOptions {
  readonly force?: true;
}

export function addAccountExportCommand(account: Command): void {
  const command = account
    .command("export")
    .argument("[file]", "where to write it; - is standard output, as is none in a pipe")
    .summary("everything the host has of you, readable")
    .description(
      "Fetches everything that the host has of the account, verifies and decrypts it, and writes it as JSON: devices, credentials' history, and each wallet with its seeds in the clear.",
    )
    .option("--force", "replace the file")
    .addHelpText("after", examples(["holdfast account export account.json"]));
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((file: string | undefined, options: ExportOptions) =>
    runCommand(command, (context) => exportAll(context, file, options)),
  );
}

async function exportAll(
  context: CommandContext,
  givenFile: string | undefined,
  options: ExportOptions,
): Promise<CommandResult> {
  if (givenFile === undefined && terminal.isOutTerminal())
    return refused(
      "file-needed",
      "This would put seeds and private keys on the screen, so nothing was fetched. Name a file: `holdfast account export account.json`. With `-` for the file they are shown here.",
    );
  const file = givenFile ?? "-";
  return await withAccount4(
    context,
    async ({ account }) => {
      if (file !== "-" && options.force !== true && existsSync(file))
        return refused("file-exists", `There is a “${file}” already; --force replaces it.`);
      const outcome = await askHost(account, "Fetching everything", options, () =>
        exportAccount(account),
      );
      if (outcome.type !== "exported") return refuse4(outcome);
      const { text } = outcome;
      if (file === "-") return exact(text, { account: text });
      await writeWalletFile(file, text);
      return done(`Wrote ${printable(file)}. Anyone who can read it owns the wallets.`, { file });
    },
    { options },
  );
}

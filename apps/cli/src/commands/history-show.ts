import { existsSync } from "node:fs";
import { readRevision } from "@holdfast/client";
import { writeWalletFile } from "@holdfast/client/node";
import { formatWalletText, putNotes } from "@holdfast/wallet/lbry";
import type { Command } from "commander";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import { parsePositiveInteger } from "../parse-argument.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { formatTime } from "../terminal/format-time.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";

interface ShowOptions extends PasswordOptions {
  readonly output?: string;
}

export function addHistoryShowCommand(history: Command): void {
  const command = history
    .command("show")
    .argument("<revision>", "its number, as `history list` shows it", parsePositiveInteger)
    .summary("how the wallet was")
    .description(
      "Fetches an older revision, verifies and decrypts it, and tells what taking it in place of this device's wallet would change. Seeds and keys are not shown. Nothing is changed.",
    )
    .option("--output <file>", "write that wallet to a file, seeds in the clear")
    .addHelpText(
      "after",
      examples(["holdfast history show 3", "holdfast history show 3 --output wallet-3"]),
    );
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((revision: number, options: ShowOptions) =>
    runCommand(command, (context) => show(context, revision, options)),
  );
}

async function show(
  context: CommandContext,
  revision: number,
  options: ShowOptions,
): Promise<CommandResult> {
  const { output } = options;
  if (output !== undefined && existsSync(output))
    return refused("file-exists", `There is a “${output}” already. Nothing was written.`);
  return await withAccount4(
    context,
    async (held) => {
      const outcome = await askHost(held.account, "Fetching the revision", options, () =>
        readRevision(held, revision),
      );
      if (outcome.type === "local-wallet-unusable") return refuseOutcome(outcome);
      if (outcome.type !== "read") return refuse4(outcome);
      const { content, savedAt, differences } = outcome;
      if (output !== undefined) await writeWalletFile(output, formatWalletText(putNotes(content)));
      const lines = [
        `Revision ${revision}, saved ${formatTime(savedAt)}.`,
        ...(differences.length === 0
          ? ["It says the same as the wallet on this device."]
          : [
              "Restoring it would mean:",
              ...differences.map((difference) => `  ${printable(difference)}`),
              `\`holdfast history restore ${revision}\` does it.`,
            ]),
        ...(output === undefined
          ? []
          : [`Wrote ${printable(output)}. Anyone who can read it owns the wallet.`]),
      ];
      return done(lines, { revision, savedAt, differences: [...differences], file: output });
    },
    { options },
  );
}

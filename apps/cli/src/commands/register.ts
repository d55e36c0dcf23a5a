import type { Command } from "commander";
import { addAccountOptions, protocolOption, readEmail } from "../account-input.ts";
import { register3 } from "../account-3/register-3.ts";
import { register4, type RegisterOptions } from "../account-4/register-4.ts";
import type { CommandResult } from "../command-result.ts";
import { examples } from "../help.ts";
import { mergeLocal } from "../merge-local.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, mailedCode } from "../terminal/passwords.ts";

export function addRegisterCommand(program: Command): void {
  const command = program
    .command("register")
    .summary("make an account on a host")
    .description(
      "Makes an account, logs this device in and binds this profile to it. The password never leaves this device in any form. Shows 24 recovery words, which open the account if the password is forgotten, and asks for three of them. A host that checks addresses by mail sends a code, which is asked for here; without a terminal, the same command with the code finishes the registration.",
    )
    .addOption(
      protocolOption(
        "3: an account for LBRY's own clients, which the host can test passwords against (default: 4)",
      ),
    )
    .option("--device-name <name>", "how the account's other devices see this one")
    .option("--no-recovery", "make no recovery words (`recovery create` does it later)")
    .option("--show-words", "put the recovery words into the answer instead of asking for them")
    .option("--start-over", "forget a registration that waits for its code, and begin again")
    .option("--allow-weak-password", "take a password that would soon be guessed")
    .addHelpText(
      "after",
      examples([
        "holdfast register joe@example.com",
        "holdfast register joe@example.com --wallet ~/.local/share/lbry/lbryum/wallets/default_wallet",
        "holdfast --server https://wallets.example.com register joe@example.com",
        "holdfast register joe@example.com --protocol 3",
      ]),
    );
  addAccountOptions(command);
  addPasswordOption(command, mailedCode);
  command.action((email: string | undefined, options: RegisterOptions) =>
    runCommand(command, async (context) =>
      mergeLocal(
        context,
        options,
        options.protocol === "3"
          ? await register3(context, await readEmail(email), options)
          : withNextStep(await register4(context, email, options)),
      ),
    ),
  );
}

function withNextStep(result: CommandResult): CommandResult {
  if (result.type !== "done" || result.json["verified"] !== true) return result;
  const next = "Next: `holdfast wallet import FILE` if you have a wallet, then `holdfast sync`.";
  return { ...result, lines: [...result.lines, next] };
}

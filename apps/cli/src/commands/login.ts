import type { Command } from "commander";
import { addAccountOptions, protocolOption } from "../account-input.ts";
import type { LoginOptions } from "../account-4/login-4.ts";
import { examples } from "../help.ts";
import { logIn } from "../log-in.ts";
import { runCommand } from "../run-command.ts";
import { mergeLocal } from "../merge-local.ts";
import { addPasswordOption, mfaCode, passcode } from "../terminal/passwords.ts";

export function addLoginCommand(program: Command): void {
  const command = program
    .command("login")
    .summary("open the account on this device, or log it in again")
    .description(
      "Logs this device in, with the keys it has or, in a new profile, with the password. Asks for a code if the account has a second factor. A new profile uses protocol 4, and protocol 3 only if told to.",
    )
    .addOption(protocolOption("3: for an account of protocol 3, LBRY's own (default: 4)"))
    .option("--device-name <name>", "how the account's other devices see this one")
    .addHelpText(
      "after",
      examples([
        "holdfast login joe@example.com",
        "holdfast --profile ./laptop login joe@example.com --wallet ./my_wallet",
        "HOLDFAST_PASSWORD=… holdfast login joe@example.com --json",
        "holdfast login joe@example.com --protocol 3",
        "holdfast login --protocol 4         # after another device upgraded the account",
      ]),
    );
  addAccountOptions(command);
  addPasswordOption(command, mfaCode);
  addPasswordOption(command, passcode);
  command.action((email: string | undefined, options: LoginOptions) =>
    runCommand(command, async (context) =>
      mergeLocal(context, options, await logIn(context, email, options)),
    ),
  );
}

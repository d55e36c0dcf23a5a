import type { Command } from "commander";
import { allowWeakPasscode } from "../account-4/passcode-strength.ts";
import { useRecovery, type RecoveryOptions } from "../account-4/use-recovery.ts";
import { examples } from "../help.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, newPasscode, recoveryWordsInput } from "../terminal/passwords.ts";

export function addRecoveryUseCommand(recovery: Command): void {
  const command = recovery
    .command("use")
    .summary("open the account with the 24 words")
    .description(
      "Opens the account on this device with the recovery words: in a new profile with the host's help, and in one that knows the account also without any host. `change-password` then sets a new password.",
    )
    .option("--wallet <file>", "sync this LBRY wallet file (default: a wallet inside the profile)")
    .option("--allow-plain-http", "talk to a distant host without encryption (it sees all traffic)")
    .option("--device-name <name>", "how the account's other devices see this one")
    .option(...allowWeakPasscode)
    .addHelpText(
      "after",
      examples([
        "holdfast --server https://wallets.example.com recovery use",
        "holdfast recovery use && holdfast change-password",
      ]),
    );
  addPasswordOption(command, recoveryWordsInput);
  addPasswordOption(command, newPasscode);
  command.action((options: RecoveryOptions) =>
    runCommand(command, (context) => useRecovery(context, options)),
  );
}

import { fingerprintsOf, showAccount } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import { hasRecovery } from "../account-4/register-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { plural } from "../plural.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";

export function addAccountShowCommand(account: Command): void {
  const command = account
    .command("show")
    .summary("what the host says of the account")
    .description(
      "Asks the host how the account stands, holds it against what this device has verified itself, and shows both.",
    )
    .addHelpText("after", examples(["holdfast account show", "holdfast account show --json"]));
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => show(context, options)),
  );
}

async function show(context: CommandContext, options: PasswordOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const outcome = await askHost(account, "Asking the host", options, () =>
        showAccount(account),
      );
      if (outcome.type !== "shown") return refuse4(outcome);
      const { id, epoch, verified, mfa, wallets } = outcome.account;
      const recovery = hasRecovery(account);
      const { code } = fingerprintsOf(account).identity;
      const rows: [string, string][] = [
        ["Account", `${printable(id)}${verified ? "" : " (address not confirmed)"}`],
        ["Host", printable(account.record.host)],
        ["Fingerprint", code],
        ["Recovery", recovery ? "24 words" : "none: `holdfast recovery create` makes 24 words"],
        [
          "2nd factor",
          mfa.totp
            ? `on, ${plural(mfa.recoveryCodesLeft, "recovery code")} left`
            : "off: `holdfast mfa enable` turns it on",
        ],
        ["Credentials", epoch === 1 ? "never changed" : `changed ${plural(epoch - 1, "time")}`],
        ["Wallets", String(wallets.length)],
      ];
      return done(
        rows.map(([name, value]) => `${name.padEnd(13)}${value}`),
        {
          email: id,
          server: account.record.host,
          fingerprint: code,
          epoch,
          verified,
          mfa: mfa.totp,
          recoveryCodesLeft: mfa.recoveryCodesLeft,
          recovery,
          wallets: wallets.map(({ walletId, sequence }) => ({ walletId, sequence: sequence ?? 0 })),
        },
      );
    },
    { options },
  );
}

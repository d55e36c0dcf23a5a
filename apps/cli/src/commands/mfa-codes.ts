import { renewRecoveryCodes } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { recoveryCodeLines } from "../account-4/describe-account.ts";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";

export function addMfaCodesCommand(mfa: Command): void {
  const command = mfa
    .command("codes")
    .summary("make new recovery codes")
    .description(
      "Makes ten new recovery codes, of which each works once in place of a code of the app. The ones before work no more. It is signed with the account's key, so a stolen token cannot do it.",
    )
    .addHelpText("after", examples(["holdfast mfa codes", "holdfast mfa codes --json"]));
  addPasswordOption(command, mfaCode);
  addPasswordOption(command, passcode);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => renew(context, options)),
  );
}

async function renew(context: CommandContext, options: PasswordOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const outcome = await askHost(account, "Asking the host", options, () =>
        renewRecoveryCodes(account),
      );
      if (outcome.type !== "codes") return refuse4(outcome);
      const { recoveryCodes } = outcome;
      return done(
        [
          "The recovery codes before work no more. Each of these works once, and they are shown this once:",
          ...recoveryCodeLines(recoveryCodes),
        ],
        { recoveryCodes },
      );
    },
    { options },
  );
}

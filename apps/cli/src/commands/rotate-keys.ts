import { rotate } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { askHost, missHost, withAccount4 } from "../account-4/hold-account.ts";
import { readStrongPassword, type StrengthOptions } from "../account-4/password-strength.ts";
import { type KitOptions, makeRecoveryKit, wordLines } from "../account-4/recovery-kit.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import {
  addPasswordOption,
  mfaCode,
  newPassword,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";

type RotateOptions = PasswordOptions & KitOptions & StrengthOptions;

export function addRotateKeysCommand(program: Command): void {
  const command = program
    .command("rotate-keys")
    .summary("shut out a device that was lost or stolen")
    .description(
      "Replaces every key of the account, with a new password and new recovery words, in one request. All other devices are logged out and need the new password; whoever has the old keys, password or words can read what they could read before, and nothing after.",
    )
    .option("--no-recovery", "make no new recovery words (the old ones end in any case)")
    .option("--show-words", "put the recovery words into the answer instead of asking for them")
    .option("--allow-weak-password", "take a password that would soon be guessed")
    .addHelpText("after", examples(["holdfast rotate-keys"]));
  addPasswordOption(command, newPassword);
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((options: RotateOptions) =>
    runCommand(command, (context) => rotateKeys(context, options)),
  );
}

async function rotateKeys(context: CommandContext, options: RotateOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const missing = await missHost(account);
      if (missing !== null) return missing;
      const password = await readStrongPassword(
        newPassword,
        options.newPasswordFile,
        [account.record.id],
        options,
      );
      const kit = await makeRecoveryKit(options, account.record);
      const outcome = await askHost(account, "Replacing all keys", options, () =>
        rotate(account, { newPassword: password, ...(kit && { phrase: kit.phrase }) }),
      );
      if (outcome.type !== "rotated") return refuse4(outcome);
      const isRenewed = outcome.renewed.type === "renewed";
      return done(
        [
          "Replaced every key of the account. The other devices are logged out and need the new password.",
          ...wordLines(kit),
          ...(kit === undefined
            ? ["No recovery words open the account now; `holdfast recovery create` makes some."]
            : []),
          ...(isRenewed
            ? []
            : ["The wallets are not all under the new keys yet: `holdfast sync` goes on with it."]),
        ],
        {
          rotated: true,
          epoch: account.newest.epoch,
          walletsRenewed: isRenewed,
          recovery: kit !== undefined,
          recoveryWords: kit?.shown,
        },
      );
    },
    { options },
  );
}

import { findHost } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { readStatus } from "../account-input.ts";
import { defaultDeviceName } from "../account-4/describe-account.ts";
import { readStrongPassword, type StrengthOptions } from "../account-4/password-strength.ts";
import { type KitOptions, makeRecoveryKit, wordLines } from "../account-4/recovery-kit.ts";
import { hasRecovery } from "../account-4/register-4.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import { refuseUpgrade } from "../account-4/refuse-upgrade.ts";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, newPassword, type PasswordOptions } from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";
import { withProgress } from "../terminal/progress.ts";

interface UpgradeOptions extends PasswordOptions, KitOptions, StrengthOptions {
  readonly deviceName?: string;
}

export function addUpgradeCommand(program: Command): void {
  const command = program
    .command("upgrade")
    .summary("make an account of protocol 3 one of protocol 4")
    .description(
      "Syncs, then makes the account one that the host cannot open, with a new password and recovery words, in one request. The other devices go on with `holdfast login --protocol 4` and the new password; clients of LBRY's own protocol are shut out. If it is broken off, the account works as before or is upgraded: run it again, it finds out.",
    )
    .option("--device-name <name>", "how the account's other devices see this one")
    .option("--no-recovery", "make no recovery words (`recovery create` does it later)")
    .option("--show-words", "put the recovery words into the answer instead of asking for them")
    .option("--allow-weak-password", "take a password that would soon be guessed")
    .addHelpText("after", examples(["holdfast upgrade"]));
  addPasswordOption(command, newPassword);
  command.action((options: UpgradeOptions) =>
    runCommand(command, (context) => upgrade(context, options)),
  );
}

async function upgrade(context: CommandContext, options: UpgradeOptions): Promise<CommandResult> {
  const status = await readStatus(context);
  if (status.type !== "status") return refuseOutcome(status);
  if (status.protocol === 4)
    return refused("other-protocol", "This profile's account is one of protocol 4 already.");
  const { email, server } = status;
  const found = await withProgress("Asking the host", () => findHost({ fetch }, new URL(server)));
  if (found.type !== "found") return refuse4(found);
  const password = await readStrongPassword(newPassword, options.newPasswordFile, [email], options);
  const kit = await makeRecoveryKit(options, { id: email, host: server });
  const deviceName = options.deviceName ?? defaultDeviceName();
  const outcome = await withDevice(context, "Upgrading the account", (device) =>
    device.protocol4.upgrade({
      newPassword: password,
      deviceName,
      ...(kit && { phrase: kit.phrase }),
    }),
  );
  if (outcome.type !== "upgraded") return refuseUpgrade(outcome);
  const recovery = hasRecovery(outcome.account);
  // Words that open nothing must not be kept as if they did.
  if (outcome.resumed)
    return done(
      [
        `Upgraded ${printable(email)}: an earlier run of this command was finished.`,
        "The password and the recovery words of that run count; those of now do not: throw these words away. `holdfast change-password` and `holdfast recovery create` make new ones.",
      ],
      { upgraded: true, resumed: true, email, protocol: 4, recovery },
    );
  return done(
    [
      `Upgraded ${printable(email)}: the host cannot open the account, and no wallet of it can be forged.`,
      ...wordLines(kit),
      ...(recovery ? [] : ["No recovery words: `holdfast recovery create` makes some."]),
      "On each other device: `holdfast login --protocol 4` with the new password.",
    ],
    { upgraded: true, resumed: false, email, protocol: 4, recovery, recoveryWords: kit?.shown },
  );
}

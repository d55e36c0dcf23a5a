import { Secret } from "@holdfast/client";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import type { PasswordOptions } from "../terminal/passwords.ts";
import { addPasswordOption, newPassword, readPassword } from "../terminal/passwords.ts";

interface ChangePasswordOptions extends PasswordOptions {
  readonly syncFirst?: true;
}

export function addChangePasswordCommand(program: Command): void {
  const command = program
    .command("change-password")
    .summary("change the account's password everywhere")
    .description(
      "Changes the password, encrypts the wallet anew and makes a new salt seed, all in one request: it happens as a whole or not at all. Every device is logged out, this one too; the others need `set-local-password` first. Refused while this device has changes to push.",
    )
    .option("--sync-first", "bring this device and the host together before")
    .addHelpText(
      "after",
      examples([
        "holdfast change-password",
        "holdfast change-password --sync-first && holdfast login",
      ]),
    );
  addPasswordOption(command, newPassword);
  command.action((options: ChangePasswordOptions) =>
    runCommand(command, (context) => changePassword(context, options)),
  );
}

async function changePassword(
  context: CommandContext,
  options: ChangePasswordOptions,
): Promise<CommandResult> {
  const password = await readPassword(newPassword, options.newPasswordFile, { confirm: true });
  if (password === "") {
    return refused("empty-password", "An empty password protects nothing; the old one stays.");
  }
  const input = { newPassword: new Secret(password), syncFirst: options.syncFirst === true };
  const outcome = await withDevice(context, "Changing the password", (device) =>
    device.changePassword(input),
  );
  if (outcome.type !== "password-changed") return refuseOutcome(outcome);
  const { saltSeed, sequence } = outcome;
  const what =
    sequence === null
      ? "Changed the password; the account has no wallet yet."
      : `Changed the password and stored the wallet under it as revision ${sequence}.`;
  return done(
    [
      what,
      `Salt seed: ${saltSeed}`,
      "Every device is logged out. Here: `holdfast login`; elsewhere: `holdfast set-local-password`, then `holdfast login`.",
    ],
    { saltSeed, sequence },
  );
}

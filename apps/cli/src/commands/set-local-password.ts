import { Secret } from "@holdfast/client";
import type { Command } from "commander";
import { refuseProtocol3 } from "../account-4/protocol-memory.ts";
import { readStatus } from "../account-input.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import type { PasswordOptions } from "../terminal/passwords.ts";
import { accountPassword, addPasswordOption, readPassword } from "../terminal/passwords.ts";

export function addSetLocalPasswordCommand(program: Command): void {
  const command = program
    .command("set-local-password")
    .summary("tell this device a password changed elsewhere")
    .description(
      "After another device changed the account's password: takes the new password, fetches the new salt seed and derives the new keys. Changes nothing on the host.",
    )
    .addHelpText("after", examples(["holdfast set-local-password && holdfast login"]));
  addPasswordOption(command);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => setLocalPassword(context, options)),
  );
}

async function setLocalPassword(
  context: CommandContext,
  options: PasswordOptions,
): Promise<CommandResult> {
  const status = await readStatus(context);
  if (status.type === "status" && status.protocol === 3)
    await refuseProtocol3(status.server, status.email);
  const password = new Secret(await readPassword(accountPassword, options.passwordFile));
  const outcome = await withDevice(context, "Fetching the salt seed", (device) =>
    device.setLocalPassword({ password }),
  );
  if (outcome.type !== "updated") return refuseOutcome(outcome);
  const { saltSeed, changed } = outcome;
  const what = changed
    ? "This device now has the keys of the password you gave."
    : "This device already had the keys of that password.";
  return done([what, `Salt seed: ${saltSeed}`, "Next: `holdfast login`."], { saltSeed, changed });
}

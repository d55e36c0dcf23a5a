import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { describePull, isPullDone } from "../describe-sync.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, passcode } from "../terminal/passwords.ts";

export function addPullCommand(program: Command): void {
  const command = program
    .command("pull")
    .summary("take the host's newest wallet, merging local changes into it")
    .description(
      "Fetches the newest wallet, checks that the host did not tamper with it, and takes it. Changes made on this device stay: they are merged into it, and wait to be pushed.",
    )
    .addHelpText("after", examples(["holdfast pull"]));
  addPasswordOption(command, passcode);
  command.action(() => runCommand(command, pull));
}

async function pull(context: CommandContext): Promise<CommandResult> {
  const outcome = await withDevice(context, "Fetching the wallet", (device) => device.pull());
  if (!isPullDone(outcome)) return refuseOutcome(outcome);
  const { lines, json } = describePull(outcome);
  return done(lines, json);
}

import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, passcode } from "../terminal/passwords.ts";

export function addPushCommand(program: Command): void {
  const command = program
    .command("push")
    .summary("send this device's wallet to the host")
    .description(
      "Encrypts the wallet and sends it as the next revision, changed or not. If another device was faster, nothing is sent: pull first, which merges, and push again.",
    )
    .addHelpText("after", examples(["holdfast push", "holdfast pull && holdfast push"]));
  addPasswordOption(command, passcode);
  command.action(() => runCommand(command, push));
}

async function push(context: CommandContext): Promise<CommandResult> {
  const outcome = await withDevice(context, "Sending the wallet", (device) => device.push());
  if (outcome.type !== "pushed") return refuseOutcome(outcome);
  const text = outcome.recovered
    ? `An earlier push had arrived after all: the host has this wallet as revision ${outcome.sequence}.`
    : `Pushed. The host now has this wallet as revision ${outcome.sequence}.`;
  return done(text, { sequence: outcome.sequence, recovered: outcome.recovered });
}

import type { PullOutcome } from "@holdfast/client";
import { describeFailure } from "@holdfast/client";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import type { Description } from "../describe-sync.ts";
import { describePull, isPullDone } from "../describe-sync.ts";
import { examples } from "../help.ts";
import { openDevice } from "../open-device.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { watchUntilStopped } from "../watch-until-stopped.ts";
import { addPasswordOption, passcode } from "../terminal/passwords.ts";

export function addWatchCommand(program: Command): void {
  const command = program
    .command("watch")
    .summary("take changes as other devices push them")
    .description(
      "Stays connected to the host and pulls whenever a device has pushed; reconnects by itself. Ends with Ctrl-C. With --json, one line per event.",
    )
    .addHelpText("after", examples(["holdfast watch", "holdfast watch --json | jq -c .event"]));
  addPasswordOption(command, passcode);
  command.action(() => runCommand(command, watch));
}

async function watch(context: CommandContext): Promise<CommandResult> {
  const device = await openDevice(context);
  return watchUntilStopped(context, device, {
    action: "pull",
    describeAction: (outcome) => describeAction(outcome as PullOutcome),
  });
}

function describeAction(outcome: PullOutcome): Description {
  if (isPullDone(outcome)) return describePull(outcome);
  const message = describeFailure(outcome);
  return { lines: [message], json: { message } };
}

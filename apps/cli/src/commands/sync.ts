import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { describeSync } from "../describe-sync.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";

export function addSyncCommand(program: Command): void {
  const command = program
    .command("sync")
    .summary("pull, merge and push until both sides agree")
    .description(
      "Brings this device and the host together in one go; logs in again by itself when the token has ended.",
    )
    .addHelpText("after", examples(["holdfast sync", "holdfast sync --json"]));
  command.action(() => runCommand(command, sync));
}

async function sync(context: CommandContext): Promise<CommandResult> {
  const outcome = await withDevice(context, "Syncing the wallet", (device) => device.sync());
  if (outcome.type !== "synced") return refuseOutcome(outcome);
  const { lines, json } = describeSync(outcome);
  return done(lines, json);
}

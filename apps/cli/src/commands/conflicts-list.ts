import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { conflictJson, shortId } from "../describe-conflict.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { printable } from "../terminal/printable.ts";

export function addConflictsListCommand(conflicts: Command): void {
  const command = conflicts
    .command("list")
    .summary("print what waits for your decision")
    .description(
      "Prints the conflicts in this device's wallet, one per line, each after its id: what two devices changed differently, so that nobody but you can say which is right. Until you do, one of both values is used and both are kept.",
    )
    .addHelpText("after", examples(["holdfast conflicts list", "holdfast conflicts list --json"]));
  command.action(() => runCommand(command, listConflicts));
}

async function listConflicts(context: CommandContext): Promise<CommandResult> {
  const outcome = await withDevice(context, "Reading the wallet", (device) =>
    device.listConflicts(),
  );
  if (outcome.type !== "conflicts") return refuseOutcome(outcome);
  const { conflicts } = outcome;
  const json = { conflicts: conflicts.map(conflictJson) };
  if (conflicts.length === 0) return done("Nothing needs a decision.", json);
  const lines = conflicts.map(({ id, description }) => `${shortId(id)}  ${printable(description)}`);
  return done([...lines, "`holdfast conflicts show ID` shows more, and how to decide."], json);
}

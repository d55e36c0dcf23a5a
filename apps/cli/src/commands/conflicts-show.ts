import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { conflictJson, describeConflict } from "../describe-conflict.ts";
import { findConflict } from "../find-conflict.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";

export function addConflictsShowCommand(conflicts: Command): void {
  const command = conflicts
    .command("show")
    .argument("<id>", "the conflict's id, or its beginning")
    .summary("print both values of a conflict")
    .description(
      "Prints both values of one conflict, which of them is used for now, and what either answer would change. Seeds and keys are not shown.",
    )
    .addHelpText(
      "after",
      examples(["holdfast conflicts show 3f2a9c1b", "holdfast conflicts show 3f2a9c1b --json"]),
    );
  command.action((id: string) => runCommand(command, (context) => showConflict(context, id)));
}

async function showConflict(context: CommandContext, id: string): Promise<CommandResult> {
  const found = await withDevice(context, "Reading the wallet", (device) =>
    findConflict(device, id),
  );
  if (found.type !== "found") return found.result;
  return done(describeConflict(found.conflict), conflictJson(found.conflict));
}

import type { Device } from "@holdfast/client";
import type { Command } from "commander";
import { Option } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { needsDecision } from "../describe-conflict.ts";
import { findConflict } from "../find-conflict.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import { runCommand } from "../run-command.ts";

const choices = { "1": "first", "2": "second", shown: "shown" } as const;

interface ResolveOptions {
  readonly keep: keyof typeof choices;
}

export function addConflictsResolveCommand(conflicts: Command): void {
  const command = conflicts
    .command("resolve")
    .argument("<id>", "the conflict's id, or its beginning")
    .addOption(
      new Option("--keep <which>", "value 1 or 2 of `conflicts show`, or what is shown now")
        .choices(Object.keys(choices))
        .makeOptionMandatory(),
    )
    .summary("decide a conflict")
    .description(
      "Decides one conflict: puts the chosen value into this device's wallet and closes the conflict. Other devices hear of it with the next push or sync.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast conflicts resolve 3f2a9c1b --keep 2",
        "holdfast conflicts resolve 3f2a9c1b --keep shown && holdfast sync",
      ]),
    );
  command.action((id: string, { keep }: ResolveOptions) =>
    runCommand(command, (context) =>
      withDevice(context, "Writing the wallet", (device) => resolve(device, id, keep)),
    ),
  );
}

async function resolve(
  device: Device,
  id: string,
  keep: ResolveOptions["keep"],
): Promise<CommandResult> {
  const found = await findConflict(device, id);
  if (found.type !== "found") return found.result;
  const outcome = await device.resolveConflict(found.conflict.id, choices[keep]);
  if (outcome.type !== "resolved") return refuseOutcome(outcome);
  const { openConflicts, hasLocalChanges } = outcome;
  const next = hasLocalChanges ? ["`holdfast sync` tells the other devices."] : [];
  return done(["Decided.", ...next, ...needsDecision(openConflicts)], {
    id: found.conflict.id,
    keep,
    conflicts: openConflicts,
    localChanges: hasLocalChanges,
  });
}

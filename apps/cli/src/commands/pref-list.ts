import type { Command } from "commander";
import { formatJson } from "@holdfast/wallet/lbry";
import type { JsonValue } from "@holdfast/wallet/lbry";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { WalletValue } from "../terminal/json-output.ts";
import { printable } from "../terminal/printable.ts";

const maxValueLength = 100;

export function addPrefListCommand(pref: Command): void {
  const command = pref
    .command("list")
    .summary("print all preferences")
    .description(
      "Prints the preferences of this device's wallet, one per line; long values are cut, except with --json.",
    )
    .addHelpText("after", examples(["holdfast pref list", "holdfast pref list --json"]));
  command.action(() => runCommand(command, listPreferences));
}

async function listPreferences(context: CommandContext): Promise<CommandResult> {
  const outcome = await withDevice(context, "Reading the wallet", (device) =>
    device.listPreferences(),
  );
  if (outcome.type !== "preferences") return refuseOutcome(outcome);
  const { preferences } = outcome;
  const lines = [...preferences].map(([key, value]) => `${printable(key)} = ${shorten(value)}`);
  return done(lines.length === 0 ? ["No preferences are set."] : lines, {
    preferences: new WalletValue(preferences),
  });
}

function shorten(value: JsonValue): string {
  const text = typeof value === "string" ? value : formatJson(value);
  const cut = text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;
  return printable(cut);
}

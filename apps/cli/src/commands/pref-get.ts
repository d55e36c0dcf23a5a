import type { Command } from "commander";
import { formatJson } from "@holdfast/wallet/lbry";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { WalletValue } from "../terminal/json-output.ts";
import { printable } from "../terminal/printable.ts";
import { terminal } from "../terminal/terminal.ts";

export function addPrefGetCommand(pref: Command): void {
  const command = pref
    .command("get")
    .argument("<key>", "the preference's name")
    .summary("print one preference")
    .description(
      "Prints a preference of this device's wallet: a text as it is, anything else as JSON.",
    )
    .addHelpText(
      "after",
      examples(["holdfast pref get animal", "holdfast pref get shared --json"]),
    );
  command.action((key: string) => runCommand(command, (context) => getPreference(context, key)));
}

async function getPreference(context: CommandContext, key: string): Promise<CommandResult> {
  const outcome = await withDevice(context, "Reading the wallet", (device) =>
    device.getPreference(key),
  );
  if (outcome.type === "not-set") {
    return refused("not-set", `This wallet has no preference called “${key}”.`);
  }
  if (outcome.type !== "preference") return refuseOutcome(outcome);
  const { value } = outcome;
  const text = typeof value === "string" ? value : formatJson(value);
  return done(terminal.isOutTerminal() ? printable(text) : text, {
    key,
    value: new WalletValue(value),
  });
}

import type { Command } from "commander";
import type { JsonValue } from "@holdfast/wallet/lbry";
import { formatJson, parseJson, parsePreferenceText, WalletError } from "@holdfast/wallet/lbry";
import { CliError } from "../cli-error.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { WalletValue } from "../terminal/json-output.ts";
import { printable } from "../terminal/printable.ts";

interface PrefSetOptions {
  readonly jsonValue?: true;
}

export function addPrefSetCommand(pref: Command): void {
  const command = pref
    .command("set")
    .argument("<key>", "the preference's name")
    .argument("<value>", "its value: a text, or JSON where it begins with [ or {")
    .option("--json-value", 'VALUE is JSON whatever it begins with: true, 5, null, "text"')
    .summary("set one preference")
    .description(
      "Sets a preference in this device's wallet. As in LBRY's own preference_set, a value that begins with [ or { is JSON and anything else is text. The host hears of it with the next push or sync.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast pref set animal cow",
        `holdfast pref set shared '{"type": "object", "version": "0.1", "value": {}}'`,
        "holdfast pref set enable-sync true --json-value",
      ]),
    );
  command.action((key: string, value: string, options: PrefSetOptions) =>
    runCommand(command, (context) => setPreference(context, key, parseValue(value, options))),
  );
}

async function setPreference(
  context: CommandContext,
  key: string,
  value: JsonValue,
): Promise<CommandResult> {
  const outcome = await withDevice(context, "Writing the wallet", (device) =>
    device.setPreference(key, value),
  );
  if (outcome.type !== "saved") return refuseOutcome(outcome);
  const shown = typeof value === "string" ? value : formatJson(value);
  return done(`${printable(key)} = ${printable(shown)}`, {
    key,
    value: new WalletValue(value),
    localChanges: outcome.hasLocalChanges,
  });
}

function parseValue(
  text: string,
  { jsonValue = false }: { readonly jsonValue?: boolean },
): JsonValue {
  try {
    return jsonValue ? parseJson(text) : parsePreferenceText(text);
  } catch (cause) {
    if (!(cause instanceof WalletError)) throw cause;
    const advice = jsonValue
      ? "a text needs quotation marks of its own here."
      : "to store it as text, quote it as JSON and add --json-value.";
    throw new CliError("usage", `The value is not valid JSON, so nothing was set; ${advice}`, {
      cause,
    });
  }
}

import type { AccountOptions } from "./account-input.ts";
import type { CommandResult } from "./command-result.ts";
import { openDevice } from "./open-device.ts";
import { refuseOutcome } from "./refuse-outcome.ts";
import type { CommandContext } from "./run-command.ts";
import { printable } from "./terminal/printable.ts";

/** Refuses a new profile in which another account left its wallet, unless that is to be merged; null: come in. */
export async function refuseLeftWallet(
  context: CommandContext,
  options: AccountOptions,
  account: { readonly id: string; readonly host: URL },
): Promise<CommandResult | null> {
  if (options.mergeLocal === true) return null;
  const device = await openDevice(context, { choosesServer: true });
  const outcome = await device.checkLeftWallet(account);
  return outcome.type === "nothing-left" ? null : refuseOutcome(outcome);
}

/** With --merge-local, a wallet that another account left in the profile becomes that of the account which has just come. */
export async function mergeLocal(
  context: CommandContext,
  options: AccountOptions,
  result: CommandResult,
): Promise<CommandResult> {
  if (options.mergeLocal !== true || result.type !== "done") return result;
  const device = await openDevice(context, { choosesServer: true });
  const outcome = await device.takeOverWallet();
  if (outcome.type === "nothing-left") return result;
  if (outcome.type !== "taken-over") return refuseOutcome(outcome);
  const line = `The wallet of ${printable(outcome.from)} is this account's from now on: \`holdfast sync\` merges it.`;
  return {
    ...result,
    lines: [...result.lines, line],
    json: { ...result.json, mergedFrom: outcome.from },
  };
}

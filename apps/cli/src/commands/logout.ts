import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";

export function addLogoutCommand(program: Command): void {
  const command = program
    .command("logout")
    .summary("forget password, keys and token")
    .description(
      "Forgets the password, the keys and the token on this device. The wallet stays, and so does what a later login needs to merge it.",
    )
    .addHelpText("after", examples(["holdfast logout"]));
  command.action(() => runCommand(command, logout));
}

async function logout(context: CommandContext): Promise<CommandResult> {
  const outcome = await withDevice(context, "Logging out", (device) => device.logout());
  if (outcome.type !== "logged-out") return refuseOutcome(outcome);
  const lines = [
    "Logged out: password, keys and token are gone from this device; the wallet is still here.",
  ];
  if (outcome.hadUnpushedChanges) {
    lines.push("It has changes that were never pushed; log in again to send them.");
  }
  return done(lines, { loggedOut: true, unpushedChanges: outcome.hadUnpushedChanges });
}

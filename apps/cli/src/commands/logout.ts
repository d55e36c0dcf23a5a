import type { Command } from "commander";
import { logOut } from "@holdfast/client/protocol-4";
import { readStatus } from "../account-input.ts";
import { withAccount4 } from "../account-4/hold-account.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { withProgress } from "../terminal/progress.ts";

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
  const status = await readStatus(context);
  if (status.type === "status" && status.protocol === 4)
    return await logOut4(context, status.hasLocalChanges);
  const outcome = await withDevice(context, "Logging out", (device) => device.logout());
  if (outcome.type !== "logged-out") return refuseOutcome(outcome);
  return loggedOut(outcome.hadUnpushedChanges, {});
}

async function logOut4(context: CommandContext, unpushed: boolean | null): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const { hostTold } = await withProgress("Logging out", () => logOut(account));
      return loggedOut(unpushed, { hostTold });
    },
    { unlocked: false },
  );
}

function loggedOut(
  unpushedChanges: boolean | null,
  { hostTold }: { readonly hostTold?: boolean },
): CommandResult {
  const lines = [
    "Logged out: password, keys and token are gone from this device; the wallet is still here.",
  ];
  if (hostTold === false)
    lines.push("The host could not be told; the session ends there when it was not used for long.");
  if (unpushedChanges === true)
    lines.push("It has changes that were never pushed; log in again to send them.");
  return done(lines, { loggedOut: true, unpushedChanges, hostTold });
}

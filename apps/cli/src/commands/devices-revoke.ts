import { endSession, listSessions } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { hexSessionId } from "../account-4/describe-account.ts";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";

export function addDevicesRevokeCommand(devices: Command): void {
  const command = devices
    .command("revoke")
    .argument("<id>", "the device's id, or its beginning, as `devices list` shows it")
    .summary("log another device out")
    .description(
      "Ends another device's session at once. The device still has the account's keys and can log in again: one that was lost or stolen is shut out by `holdfast rotate-keys`.",
    )
    .addHelpText("after", examples(["holdfast devices revoke 3f2a9c1b"]));
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((id: string, options: PasswordOptions) =>
    runCommand(command, (context) => revokeDevice(context, id, options)),
  );
}

async function revokeDevice(
  context: CommandContext,
  id: string,
  options: PasswordOptions,
): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const listed = await askHost(account, "Asking the host", options, () =>
        listSessions(account),
      );
      if (listed.type !== "sessions") return refuse4(listed);
      const found = listed.sessions.filter(({ sessionId }) =>
        hexSessionId(sessionId).startsWith(id.toLowerCase()),
      );
      const [device] = found;
      if (id === "" || device === undefined) return refuse4({ type: "unknown-session" });
      if (found.length > 1)
        return refused("ambiguous-id", "Several devices' ids begin like this: give more of it.");
      if (device.current)
        return refused("own-device", "This is the device you are on: `holdfast logout` ends it.");
      const ended = await askHost(account, "Ending its session", options, () =>
        endSession(account, device.sessionId),
      );
      if (ended.type !== "ended") return refuse4(ended);
      return done(
        [
          `Logged out “${printable(device.name)}”.`,
          "It still has the account's keys: if it was lost or stolen, run `holdfast rotate-keys` now.",
        ],
        { revoked: hexSessionId(device.sessionId), name: device.name },
      );
    },
    { options },
  );
}

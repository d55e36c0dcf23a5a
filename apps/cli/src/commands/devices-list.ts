import type { Device4 } from "@holdfast/client/protocol-4";
import { listSessions } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { hexSessionId, shortIdLength } from "../account-4/describe-account.ts";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { formatDay, formatTime } from "../terminal/format-time.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";

export function addDevicesListCommand(devices: Command): void {
  const command = devices
    .command("list")
    .summary("print the devices that are logged in")
    .description(
      "Prints the account's devices as the host lists them: one per line, after the short id that `devices revoke` takes, and when it was last seen.",
    )
    .addHelpText("after", examples(["holdfast devices list", "holdfast devices list --json"]));
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => listDevices(context, options)),
  );
}

async function listDevices(
  context: CommandContext,
  options: PasswordOptions,
): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const outcome = await askHost(account, "Asking the host", options, () =>
        listSessions(account),
      );
      if (outcome.type !== "sessions") return refuse4(outcome);
      const { sessions } = outcome;
      return done(linesOf(sessions), {
        devices: sessions.map(({ sessionId, ...session }) => ({
          id: hexSessionId(sessionId),
          ...session,
        })),
      });
    },
    { options },
  );
}

function linesOf(sessions: readonly Device4[]): string[] {
  const names = sessions.map(
    ({ name, current }) => `${printable(name)}${current ? " (this device)" : ""}`,
  );
  const width = Math.max(...names.map(({ length }) => length));
  return sessions.map(({ sessionId, createdAt, lastSeenAt }, at) => {
    const id = hexSessionId(sessionId).slice(0, shortIdLength);
    const name = (names[at] ?? "").padEnd(width);
    return `${id}  ${name}  since ${formatDay(createdAt)}, seen ${formatTime(lastSeenAt)}`;
  });
}

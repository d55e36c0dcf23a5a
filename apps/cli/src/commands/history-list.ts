import {
  type HeldAccount,
  type HistoryEntry,
  listHistory,
  listSessions,
} from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { formatTime } from "../terminal/format-time.ts";
import {
  addPasswordOption,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";

export function addHistoryListCommand(history: Command): void {
  const command = history
    .command("list")
    .summary("print the wallet's revisions")
    .description(
      "Prints every revision of the wallet, newest first, verified from the first to the newest. Of old ones the host keeps some texts and all headers: what has no text is marked.",
    )
    .addHelpText("after", examples(["holdfast history list", "holdfast history list --json"]));
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => list(context, options)),
  );
}

async function list(context: CommandContext, options: PasswordOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account, profile }) => {
      const outcome = await askHost(account, "Reading the history", options, () =>
        listHistory(account, profile.walletId as Parameters<typeof listHistory>[1]),
      );
      if (outcome.type !== "history") return refuse4(outcome);
      const { entries } = outcome;
      if (entries.length === 0) return done("The wallet has no revision yet.", { revisions: [] });
      const names = await deviceNames(account);
      const nameOf = (id: string) => names.get(id) ?? null;
      return done(
        entries.map((entry) => lineOf(entry, nameOf(entry.deviceId))),
        { revisions: entries.map((entry) => ({ ...entry, device: nameOf(entry.deviceId) })) },
      );
    },
    { options },
  );
}

/** Of devices that are logged in; a history is worth showing without them too. */
async function deviceNames(account: HeldAccount): Promise<ReadonlyMap<string, string>> {
  const listed = await listSessions(account);
  const devices = listed.type === "sessions" ? listed.sessions : [];
  return new Map([
    ...devices.map(({ deviceId, name }) => [deviceId, name] as const),
    [account.record.deviceId, account.record.deviceName],
  ]);
}

function lineOf({ sequence, savedAt, hasBody }: HistoryEntry, device: string | null): string {
  const by = device === null ? "" : `  ${printable(device)}`;
  const gone = hasBody ? "" : "  (text gone)";
  return `${String(sequence).padStart(5)}  ${formatTime(savedAt)}${by}${gone}`;
}

import type { Device, SyncDaemonOutcome } from "@holdfast/client";
import { describeFailure, openDaemon } from "@holdfast/client";
import type { Command } from "commander";
import { Option } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import type { Description } from "../describe-sync.ts";
import { describeDaemonSync } from "../describe-sync.ts";
import { examples } from "../help.ts";
import { openDevice, withDevice } from "../open-device.ts";
import { parsePositiveInteger } from "../parse-argument.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { watchUntilStopped } from "../watch-until-stopped.ts";
import { addPasswordOption, passcode } from "../terminal/passwords.ts";

interface LbrynetSyncOptions {
  readonly url: string;
  readonly walletId?: string;
  readonly watch?: true;
  readonly every: number;
  readonly allowRemote?: true;
}

export function addLbrynetSyncCommand(lbrynet: Command): void {
  const command = lbrynet
    .command("sync")
    .summary("sync a running LBRY daemon's wallet")
    .description(
      "Brings the wallet of a running LBRY daemon (LBRY Desktop, lbrynet) and the host together: the daemon's changes are merged and pushed, other devices' changes are applied to the daemon. The profile must be logged in.\n\nA daemon whose wallet is encrypted on disk must be unlocked, and takes the account's password as the one that unlocks it from then on; that is how LBRY's own sync works, too.",
    )
    .addOption(new Option("--url <url>", "the daemon's address").default("http://127.0.0.1:5279"))
    .option("--wallet-id <id>", "which of the daemon's wallets (default: its default wallet)")
    .option("--watch", "go on: sync whenever the daemon or another device changes something")
    .addOption(
      new Option("--every <seconds>", "with --watch: how often to ask the daemon for changes")
        .argParser(parsePositiveInteger)
        .default(5),
    )
    .option("--allow-remote", "talk to a daemon on another machine (it gets the password)")
    .addHelpText(
      "after",
      examples(["holdfast lbrynet sync", "holdfast lbrynet sync --wallet-id savings --watch"]),
    );
  addPasswordOption(command, passcode);
  command.action((options: LbrynetSyncOptions) =>
    runCommand(command, (context) => syncLbrynet(context, options)),
  );
}

async function syncLbrynet(
  context: CommandContext,
  options: LbrynetSyncOptions,
): Promise<CommandResult> {
  const opened = openDaemon({ url: options.url, allowRemote: options.allowRemote === true });
  if (opened.type !== "opened") return refuseOutcome(opened);
  const input = { daemon: opened.daemon, ...walletOf(options) };
  const status = await opened.daemon.walletStatus(walletOf(options));
  if (status.type === "status" && status.isEncrypted && !status.isLocked) {
    context.note(
      "The daemon's wallet is encrypted on disk: syncing makes the account's password the one that unlocks it.",
    );
  }
  if (options.watch === true) return watchDaemon(context, input, options.every * 1000);
  const outcome = await withDevice(context, "Syncing the daemon's wallet", (device) =>
    device.syncDaemon(input),
  );
  if (outcome.type !== "daemon-synced") return refuseOutcome(outcome);
  const { lines, json } = describeDaemonSync(outcome);
  return done(lines, json);
}

function walletOf({ walletId }: { readonly walletId?: string }): { readonly walletId?: string } {
  return walletId === undefined ? {} : { walletId };
}

type DaemonInput = Parameters<Device["syncDaemon"]>[0];

/** Syncs at each news from the host, and when the daemon's hash shows an edit; a poll without either asks the daemon alone. */
async function watchDaemon(
  context: CommandContext,
  input: DaemonInput,
  pollMs: number,
): Promise<CommandResult> {
  const device = await openDevice(context);
  let hasNews = true;
  let syncedHash: string | undefined;
  const action = async (signal: AbortSignal): Promise<{ readonly type: string }> => {
    if (!hasNews && (await hashOf(input, signal)) === syncedHash) return { type: "up-to-date" };
    hasNews = false;
    const outcome = await device.syncDaemon(input, { signal });
    if (outcome.type === "daemon-synced") syncedHash = outcome.hash;
    else hasNews = true;
    return outcome;
  };
  return watchUntilStopped(context, device, {
    action,
    pollMs,
    onNews: () => (hasNews = true),
    describeAction: (outcome) =>
      outcome.type === "up-to-date" ? undefined : describeAction(outcome as SyncDaemonOutcome),
  });
}

async function hashOf(input: DaemonInput, signal: AbortSignal): Promise<string> {
  const outcome = await input.daemon.syncHash(walletOf(input), signal);
  return outcome.type === "hash" ? outcome.hash : outcome.type;
}

function describeAction(outcome: SyncDaemonOutcome): Description {
  if (outcome.type === "daemon-synced") return describeDaemonSync(outcome);
  const message = describeFailure(outcome);
  return { lines: [message], json: { message } };
}

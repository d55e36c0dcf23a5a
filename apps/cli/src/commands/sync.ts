import type { SyncOutcome } from "@holdfast/client";
import { describeFailure } from "@holdfast/client";
import type { Command } from "commander";
import { Option } from "commander";
import { heal, type HealOptions, passwordToHeal } from "../account-4/heal.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { describeLook } from "../describe-look.ts";
import type { Description } from "../describe-sync.ts";
import { describeSync } from "../describe-sync.ts";
import { examples } from "../help.ts";
import { openDevice, withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { watchUntilStopped } from "../watch-until-stopped.ts";
import { addPasswordOption, mfaCode, oldPassword, passcode } from "../terminal/passwords.ts";

interface SyncOptions extends HealOptions {
  readonly watch?: true;
  readonly look?: true;
  readonly heal?: true;
  readonly keepMine?: true;
}

export function addSyncCommand(program: Command): void {
  const others = ["watch", "look", "heal", "keepMine"];
  const alone = (flags: string, description: string): Option => {
    const option = new Option(flags, description);
    return option.conflicts(others.filter((name) => name !== option.attributeName()));
  };
  const command = program
    .command("sync")
    .summary("pull, merge and push until both sides agree")
    .description(
      "Brings this device and the host together in one go; logs in again by itself when the token has ended.\n\nA host that does what no honest and intact one does (shows an older wallet, another one in its place, one that nobody with your password made) stops syncing: nothing of it is taken, and your wallet stays. Each `sync` looks again. If the host was restored from a backup, --heal brings both together. Where the backup is older than the password or the keys, it asks for passwords.",
    )
    .addOption(
      alone(
        "--watch",
        "go on: sync whenever this or another device changes something; ends with Ctrl-C",
      ),
    )
    .addOption(alone("--look", "after the host misbehaved: show how its wallet differs from yours"))
    .addOption(alone("--heal", "after the host misbehaved: bring both together, deleting nothing"))
    .addOption(
      alone(
        "--keep-mine",
        "after the host misbehaved: put this device's wallet on top of the host's",
      ),
    )
    .option("--allow-weak-password", "with --heal: take a password that would soon be guessed")
    .addHelpText(
      "after",
      examples([
        "holdfast sync",
        "holdfast sync --watch",
        "holdfast sync --heal        # the host was restored from a backup",
        "holdfast sync --json",
      ]),
    );
  addPasswordOption(command, passcode);
  addPasswordOption(command, passwordToHeal);
  addPasswordOption(command, oldPassword);
  addPasswordOption(command, mfaCode);
  command.action((options: SyncOptions) =>
    runCommand(command, (context) => sync(context, options)),
  );
}

async function sync(context: CommandContext, options: SyncOptions): Promise<CommandResult> {
  if (options.watch === true) return await watchAndSync(context);
  if (options.look === true) return await look(context);
  if (options.heal === true) return await heal(context, options);
  const outcome = await withDevice(context, "Syncing the wallet", (device) =>
    device.sync(options.keepMine === true ? { decision: "keep-mine" } : {}),
  );
  if (outcome.type !== "synced") return refuseOutcome(outcome);
  const { lines, json } = describeSync(outcome);
  return done(lines, json);
}

async function look(context: CommandContext): Promise<CommandResult> {
  const outcome = await withDevice(context, "Looking at the host's wallet", (device) =>
    device.lookAtHost(),
  );
  if (outcome.type !== "looked" && outcome.type !== "no-host-problem")
    return refuseOutcome(outcome);
  const { lines, json } = describeLook(outcome);
  return done(lines, json);
}

async function watchAndSync(context: CommandContext): Promise<CommandResult> {
  const device = await openDevice(context);
  return await watchUntilStopped(context, device, {
    action: "sync",
    describeAction: (outcome) => describeAction(outcome as SyncOutcome),
  });
}

function describeAction(outcome: SyncOutcome): Description {
  if (outcome.type === "synced") return describeSync(outcome);
  const message = describeFailure(outcome);
  return { lines: [message], json: { message } };
}

import { readFileSync } from "node:fs";
import type { OutputConfiguration } from "commander";
import { Command } from "commander";
import { addChangePasswordCommand } from "./commands/change-password.ts";
import { addConflictsListCommand } from "./commands/conflicts-list.ts";
import { addConflictsResolveCommand } from "./commands/conflicts-resolve.ts";
import { addConflictsShowCommand } from "./commands/conflicts-show.ts";
import { addLbrynetSyncCommand } from "./commands/lbrynet-sync.ts";
import { addLoginCommand } from "./commands/login.ts";
import { addLogoutCommand } from "./commands/logout.ts";
import { addMigrateLbryLegacyCommand } from "./commands/migrate-lbry-legacy.ts";
import { addPrefGetCommand } from "./commands/pref-get.ts";
import { addPrefListCommand } from "./commands/pref-list.ts";
import { addPrefSetCommand } from "./commands/pref-set.ts";
import { addPullCommand } from "./commands/pull.ts";
import { addPushCommand } from "./commands/push.ts";
import { addRegisterCommand } from "./commands/register.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addSetLocalPasswordCommand } from "./commands/set-local-password.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addSyncCommand } from "./commands/sync.ts";
import { addUpdateSecretsCommand } from "./commands/update-secrets.ts";
import { addWalletDiffCommand } from "./commands/wallet-diff.ts";
import { addWalletExportCommand } from "./commands/wallet-export.ts";
import { addWalletHashCommand } from "./commands/wallet-hash.ts";
import { addWalletImportCommand } from "./commands/wallet-import.ts";
import { addWalletInspectCommand } from "./commands/wallet-inspect.ts";
import { addWalletMergeCommand } from "./commands/wallet-merge.ts";
import { addWalletPackCommand } from "./commands/wallet-pack.ts";
import { addWalletUnpackCommand } from "./commands/wallet-unpack.ts";
import { addWatchCommand } from "./commands/watch.ts";
import { addGlobalOptions } from "./global-options.ts";
import { examples, helpStyle } from "./help.ts";

/** The whole command line; parsing it runs the command it names. `output` is where help goes, by default standard output. */
export function createProgram(output: OutputConfiguration = {}): Command {
  const program = new Command("holdfast");
  program
    .description("Hosts and syncs wallets without being able to read them.")
    .version(readVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .exitOverride()
    .showHelpAfterError("See holdfast --help.")
    .configureOutput(output)
    .configureHelp(helpStyle)
    .addHelpText(
      "after",
      examples([
        "holdfast register joe@example.com   # once, on the first device",
        "holdfast login joe@example.com      # on each further device",
        "holdfast sync                       # whenever you like, or: holdfast watch",
      ]),
    );
  addGlobalOptions(program);
  addCommands(program);
  return program;
}

function addCommands(program: Command): void {
  program.commandsGroup("Account:");
  addRegisterCommand(program);
  addLoginCommand(program);
  addLogoutCommand(program);
  addStatusCommand(program);
  addChangePasswordCommand(program);
  addSetLocalPasswordCommand(program);
  addUpdateSecretsCommand(program);

  program.commandsGroup("Sync:");
  addSyncCommand(program);
  addPullCommand(program);
  addPushCommand(program);
  addWatchCommand(program);
  addConflictsCommands(
    program
      .command("conflicts")
      .helpCommand(false)
      .description("decide what two devices changed differently"),
  );
  const lbrynet = program
    .command("lbrynet")
    .helpCommand(false)
    .description("sync a running LBRY daemon's wallet");
  addLbrynetSyncCommand(lbrynet);
  const migrate = program
    .command("migrate")
    .helpCommand(false)
    .description("take a wallet over from elsewhere");
  addMigrateLbryLegacyCommand(migrate);

  program.commandsGroup("Wallet:");
  addPrefCommands(
    program.command("pref").helpCommand(false).description("read and set the wallet's preferences"),
  );
  addWalletCommands(
    program
      .command("wallet")
      .helpCommand(false)
      .description("work on wallet files: pack, merge, inspect, import, …"),
  );

  program.commandsGroup("Host:");
  addServeCommand(program);

  program.commandsGroup("Help:").helpCommand("help [command]", "explain a command");
}

function addConflictsCommands(conflicts: Command): void {
  addConflictsListCommand(conflicts);
  addConflictsShowCommand(conflicts);
  addConflictsResolveCommand(conflicts);
}

function addPrefCommands(pref: Command): void {
  addPrefListCommand(pref);
  addPrefGetCommand(pref);
  addPrefSetCommand(pref);
}

function addWalletCommands(wallet: Command): void {
  wallet.commandsGroup("This device's wallet:");
  addWalletImportCommand(wallet);
  addWalletExportCommand(wallet);
  wallet.commandsGroup("Wallet files:");
  addWalletInspectCommand(wallet);
  addWalletPackCommand(wallet);
  addWalletUnpackCommand(wallet);
  addWalletMergeCommand(wallet);
  addWalletDiffCommand(wallet);
  addWalletHashCommand(wallet);
}

function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

import { readFileSync } from "node:fs";
import type { OutputConfiguration } from "commander";
import { Command } from "commander";
import { addAccountDeleteCommand } from "./commands/account-delete.ts";
import { addAccountExportCommand } from "./commands/account-export.ts";
import { addAccountShowCommand } from "./commands/account-show.ts";
import { addChangePasswordCommand } from "./commands/change-password.ts";
import { addConflictsListCommand } from "./commands/conflicts-list.ts";
import { addConflictsResolveCommand } from "./commands/conflicts-resolve.ts";
import { addConflictsShowCommand } from "./commands/conflicts-show.ts";
import { addDevicesListCommand } from "./commands/devices-list.ts";
import { addDevicesRevokeCommand } from "./commands/devices-revoke.ts";
import { addFingerprintCommand } from "./commands/fingerprint.ts";
import { addHistoryListCommand } from "./commands/history-list.ts";
import { addHistoryRestoreCommand } from "./commands/history-restore.ts";
import { addHistoryShowCommand } from "./commands/history-show.ts";
import { addLbrynetSyncCommand } from "./commands/lbrynet-sync.ts";
import { addLoginCommand } from "./commands/login.ts";
import { addLogoutCommand } from "./commands/logout.ts";
import { addMfaDisableCommand } from "./commands/mfa-disable.ts";
import { addMfaEnableCommand } from "./commands/mfa-enable.ts";
import { addMigrateLbryLegacyCommand } from "./commands/migrate-lbry-legacy.ts";
import { addPairJoinCommand } from "./commands/pair-join.ts";
import { addPairShowCommand } from "./commands/pair-show.ts";
import { addPasscodeClearCommand } from "./commands/passcode-clear.ts";
import { addPasscodeSetCommand } from "./commands/passcode-set.ts";
import { addPrefGetCommand } from "./commands/pref-get.ts";
import { addPrefListCommand } from "./commands/pref-list.ts";
import { addPrefSetCommand } from "./commands/pref-set.ts";
import { addPullCommand } from "./commands/pull.ts";
import { addPushCommand } from "./commands/push.ts";
import { addRecoveryCreateCommand } from "./commands/recovery-create.ts";
import { addRecoveryUseCommand } from "./commands/recovery-use.ts";
import { addRegisterCommand } from "./commands/register.ts";
import { addRotateKeysCommand } from "./commands/rotate-keys.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addSetLocalPasswordCommand } from "./commands/set-local-password.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addSyncCommand } from "./commands/sync.ts";
import { addUpdateSecretsCommand } from "./commands/update-secrets.ts";
import { addUpgradeCommand } from "./commands/upgrade.ts";
import { addWalletDiffCommand } from "./commands/wallet-diff.ts";
import { addWalletExportCommand } from "./commands/wallet-export.ts";
import { addWalletHashCommand } from "./commands/wallet-hash.ts";
import { addWalletImportCommand } from "./commands/wallet-import.ts";
import { addWalletInspectCommand } from "./commands/wallet-inspect.ts";
import { addWalletMergeCommand } from "./commands/wallet-merge.ts";
import { addWalletPackCommand } from "./commands/wallet-pack.ts";
import { addWalletUnpackCommand } from "./commands/wallet-unpack.ts";
import { addWalletsCreateCommand } from "./commands/wallets-create.ts";
import { addWalletsListCommand } from "./commands/wallets-list.ts";
import { addWalletsUseCommand } from "./commands/wallets-use.ts";
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
        "holdfast login joe@example.com      # on each further device, or: holdfast pair show",
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
  addFingerprintCommand(program);
  const account = group(program, "account", "what the host has of you: show, export, delete");
  addAccountShowCommand(account);
  addAccountExportCommand(account);
  addAccountDeleteCommand(account);
  const devices = group(program, "devices", "the devices that are logged in");
  addDevicesListCommand(devices);
  addDevicesRevokeCommand(devices);
  const pair = group(program, "pair", "add a device without typing the password there");
  addPairShowCommand(pair);
  addPairJoinCommand(pair);
  const recovery = group(program, "recovery", "24 words that open the account");
  addRecoveryCreateCommand(recovery);
  addRecoveryUseCommand(recovery);
  const mfa = group(program, "mfa", "a second factor at login");
  addMfaEnableCommand(mfa);
  addMfaDisableCommand(mfa);
  const passcode = group(program, "passcode", "a passcode for this device's keys");
  addPasscodeSetCommand(passcode);
  addPasscodeClearCommand(passcode);
  addRotateKeysCommand(program);

  program.commandsGroup("Accounts of protocol 3:");
  addSetLocalPasswordCommand(program);
  addUpdateSecretsCommand(program);
  addUpgradeCommand(program);

  program.commandsGroup("Sync:");
  addSyncCommand(program);
  addPullCommand(program);
  addPushCommand(program);
  addWatchCommand(program);
  addConflictsCommands(group(program, "conflicts", "decide what two devices changed differently"));
  addLbrynetSyncCommand(group(program, "lbrynet", "sync a running LBRY daemon's wallet"));
  addMigrateLbryLegacyCommand(group(program, "migrate", "take a wallet over from elsewhere"));

  program.commandsGroup("Wallet:");
  addPrefCommands(group(program, "pref", "read and set the wallet's preferences"));
  addWalletCommands(
    group(program, "wallet", "work on wallet files: pack, merge, inspect, import, …"),
  );
  const history = group(program, "history", "the wallet's revisions, and going back to one");
  addHistoryListCommand(history);
  addHistoryShowCommand(history);
  addHistoryRestoreCommand(history);
  const wallets = group(program, "wallets", "the account's wallets, of which this device uses one");
  addWalletsListCommand(wallets);
  addWalletsCreateCommand(wallets);
  addWalletsUseCommand(wallets);

  program.commandsGroup("Host:");
  addServeCommand(program);

  program.commandsGroup("Help:").helpCommand("help [command]", "explain a command");
}

function group(program: Command, name: string, description: string): Command {
  return program.command(name).helpCommand(false).description(description);
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

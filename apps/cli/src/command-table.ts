/** All commands. Each is loaded when it is wanted, because the libraries of all of them together take a while to load. */
import type { Command } from "commander";

/** Gives what adds the command to the program or group it belongs to. */
type LoadCommand = () => Promise<(parent: Command) => void>;

interface CommandGroup {
  readonly description: string;
  readonly chapters: readonly Chapter[];
}

/** Commands that are listed together. */
export interface Chapter {
  readonly heading?: string;
  readonly commands: Commands;
}

type Commands = Readonly<Record<string, LoadCommand | CommandGroup>>;

export const chapters: readonly Chapter[] = [
  {
    heading: "Account:",
    commands: {
      register: async () => (await import("./commands/register.ts")).addRegisterCommand,
      login: async () => (await import("./commands/login.ts")).addLoginCommand,
      logout: async () => (await import("./commands/logout.ts")).addLogoutCommand,
      status: async () => (await import("./commands/status.ts")).addStatusCommand,
      "change-password": async () =>
        (await import("./commands/change-password.ts")).addChangePasswordCommand,
      fingerprint: async () => (await import("./commands/fingerprint.ts")).addFingerprintCommand,
      account: group("what the host has of you: show, change-address, export, delete", {
        show: async () => (await import("./commands/account-show.ts")).addAccountShowCommand,
        "change-address": async () =>
          (await import("./commands/account-change-address.ts")).addAccountChangeAddressCommand,
        export: async () => (await import("./commands/account-export.ts")).addAccountExportCommand,
        delete: async () => (await import("./commands/account-delete.ts")).addAccountDeleteCommand,
      }),
      devices: group("the devices that are logged in", {
        list: async () => (await import("./commands/devices-list.ts")).addDevicesListCommand,
        revoke: async () => (await import("./commands/devices-revoke.ts")).addDevicesRevokeCommand,
      }),
      pair: group("add a device without typing the password there", {
        show: async () => (await import("./commands/pair-show.ts")).addPairShowCommand,
        join: async () => (await import("./commands/pair-join.ts")).addPairJoinCommand,
      }),
      recovery: group("24 words that open the account", {
        create: async () =>
          (await import("./commands/recovery-create.ts")).addRecoveryCreateCommand,
        use: async () => (await import("./commands/recovery-use.ts")).addRecoveryUseCommand,
        remove: async () =>
          (await import("./commands/recovery-remove.ts")).addRecoveryRemoveCommand,
      }),
      mfa: group("a second factor at login", {
        enable: async () => (await import("./commands/mfa-enable.ts")).addMfaEnableCommand,
        codes: async () => (await import("./commands/mfa-codes.ts")).addMfaCodesCommand,
        disable: async () => (await import("./commands/mfa-disable.ts")).addMfaDisableCommand,
      }),
      passcode: group("a passcode for this device's keys", {
        set: async () => (await import("./commands/passcode-set.ts")).addPasscodeSetCommand,
        clear: async () => (await import("./commands/passcode-clear.ts")).addPasscodeClearCommand,
      }),
      "rotate-keys": async () => (await import("./commands/rotate-keys.ts")).addRotateKeysCommand,
    },
  },
  {
    heading: "Accounts of protocol 3:",
    commands: {
      "set-local-password": async () =>
        (await import("./commands/set-local-password.ts")).addSetLocalPasswordCommand,
      "update-secrets": async () =>
        (await import("./commands/update-secrets.ts")).addUpdateSecretsCommand,
      upgrade: async () => (await import("./commands/upgrade.ts")).addUpgradeCommand,
    },
  },
  {
    heading: "Sync:",
    commands: {
      sync: async () => (await import("./commands/sync.ts")).addSyncCommand,
      pull: async () => (await import("./commands/pull.ts")).addPullCommand,
      push: async () => (await import("./commands/push.ts")).addPushCommand,
      watch: async () => (await import("./commands/watch.ts")).addWatchCommand,
      conflicts: group("decide what two devices changed differently", {
        list: async () => (await import("./commands/conflicts-list.ts")).addConflictsListCommand,
        show: async () => (await import("./commands/conflicts-show.ts")).addConflictsShowCommand,
        resolve: async () =>
          (await import("./commands/conflicts-resolve.ts")).addConflictsResolveCommand,
      }),
      lbrynet: group("sync a running LBRY daemon's wallet", {
        sync: async () => (await import("./commands/lbrynet-sync.ts")).addLbrynetSyncCommand,
      }),
      migrate: group("take a wallet over from elsewhere", {
        "lbry-legacy": async () =>
          (await import("./commands/migrate-lbry-legacy.ts")).addMigrateLbryLegacyCommand,
      }),
    },
  },
  {
    heading: "Wallet:",
    commands: {
      pref: group("read and set the wallet's preferences", {
        list: async () => (await import("./commands/pref-list.ts")).addPrefListCommand,
        get: async () => (await import("./commands/pref-get.ts")).addPrefGetCommand,
        set: async () => (await import("./commands/pref-set.ts")).addPrefSetCommand,
      }),
      wallet: {
        description: "work on wallet files: pack, merge, inspect, import, …",
        chapters: [
          {
            heading: "This device's wallet:",
            commands: {
              import: async () =>
                (await import("./commands/wallet-import.ts")).addWalletImportCommand,
              export: async () =>
                (await import("./commands/wallet-export.ts")).addWalletExportCommand,
            },
          },
          {
            heading: "Wallet files:",
            commands: {
              inspect: async () =>
                (await import("./commands/wallet-inspect.ts")).addWalletInspectCommand,
              pack: async () => (await import("./commands/wallet-pack.ts")).addWalletPackCommand,
              unpack: async () =>
                (await import("./commands/wallet-unpack.ts")).addWalletUnpackCommand,
              merge: async () => (await import("./commands/wallet-merge.ts")).addWalletMergeCommand,
              diff: async () => (await import("./commands/wallet-diff.ts")).addWalletDiffCommand,
              hash: async () => (await import("./commands/wallet-hash.ts")).addWalletHashCommand,
            },
          },
        ],
      },
      history: group("the wallet's revisions, and going back to one", {
        list: async () => (await import("./commands/history-list.ts")).addHistoryListCommand,
        show: async () => (await import("./commands/history-show.ts")).addHistoryShowCommand,
        restore: async () =>
          (await import("./commands/history-restore.ts")).addHistoryRestoreCommand,
      }),
      wallets: group("the account's wallets, of which this device uses one", {
        list: async () => (await import("./commands/wallets-list.ts")).addWalletsListCommand,
        create: async () => (await import("./commands/wallets-create.ts")).addWalletsCreateCommand,
        use: async () => (await import("./commands/wallets-use.ts")).addWalletsUseCommand,
      }),
    },
  },
  {
    heading: "Host:",
    commands: {
      serve: async () => (await import("./commands/serve.ts")).addServeCommand,
    },
  },
];

function group(description: string, commands: Commands): CommandGroup {
  return { description, chapters: [{ commands }] };
}

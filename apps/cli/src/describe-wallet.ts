import { notesPreference } from "@holdfast/wallet/lbry";
import type { AccountSummary, WalletSummary } from "@holdfast/wallet/lbry";
import { plural } from "./plural.ts";
import { formatTime } from "./terminal/format-time.ts";
import { printable } from "./terminal/printable.ts";
import type { AccountSecrets } from "./wallet-secrets.ts";

/** The names of the person's own preferences. */
export function namesOfPreferences({ preferenceNames }: WalletSummary): readonly string[] {
  return preferenceNames.filter((name) => name !== notesPreference);
}

/** A wallet in lines for people; with secrets only where they are given, in the order of the accounts. */
export function describeWallet(
  wallet: WalletSummary,
  secrets: readonly AccountSecrets[],
  openConflicts: number,
): readonly string[] {
  const accounts = wallet.accounts.flatMap((account, index) => [
    "",
    ...describeAccount(account, index),
    ...describeSecrets(secrets[index]),
  ]);
  const names = namesOfPreferences(wallet).map(printable);
  return [
    `${printable(wallet.name ?? "(no name)")}: ${plural(wallet.accounts.length, "account")}, ${plural(names.length, "preference")}, ${describeEncryption(wallet)}`,
    ...accounts,
    ...(names.length === 0 ? [] : ["", `Preferences: ${names.join(", ")}`]),
    ...(openConflicts === 0
      ? []
      : [
          "",
          `${plural(openConflicts, "conflict")} in it, to be decided on a device that syncs it.`,
        ]),
  ];
}

function describeEncryption({ isLocked, isEncrypted }: WalletSummary): string {
  if (isLocked) return "encrypted on disk";
  return isEncrypted ? "to be encrypted on disk" : "not encrypted on disk";
}

const kinds = {
  seed: "seed phrase and private key",
  "private-key": "private key, no seed phrase",
  "watch-only": "public key only: it can watch, not spend",
} as const;

function describeAccount(account: AccountSummary, index: number): readonly string[] {
  const { gaps } = account;
  const addresses =
    gaps === undefined
      ? "a single one"
      : `deterministic, gaps ${gaps.receiving} (receiving) and ${gaps.change} (change)`;
  return [
    `${printable(account.name)}${index === 0 ? " (default account)" : ""}`,
    row("Id", account.id),
    row("Ledger", account.ledger),
    row("Keys", kinds[account.kind] + (account.isEncrypted ? ", encrypted" : "")),
    row("Addresses", addresses),
    row("Channels", String(account.channelCount)),
    row("Changed", formatTime(account.modifiedOn * 1000)),
    ...(account.isUnlockable
      ? []
      : [row("Warning", "never encrypt this wallet: no password could unlock this account again")]),
  ];
}

function describeSecrets(secrets: AccountSecrets | undefined): readonly string[] {
  if (secrets === undefined) return [];
  const { seed, privateKey, channelKeys } = secrets;
  const keys = Object.entries(channelKeys).flatMap(([id, pem]) => [
    row("Channel", printable(id)),
    ...pem
      .trimEnd()
      .split("\n")
      .map((line) => row("", printable(line))),
  ]);
  return [
    ...(seed === undefined ? [] : [row("Seed", printable(seed))]),
    ...(privateKey === undefined ? [] : [row("Private", printable(privateKey))]),
    ...keys,
  ];
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(10)} ${value}`;
}

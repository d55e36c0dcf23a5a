import type { AccountSummary } from "@holdfast/wallet/lbry";
import { inspectWallet } from "@holdfast/wallet/lbry";
import type { Command } from "commander";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { countConflicts } from "../describe-conflict.ts";
import { describeWallet, namesOfPreferences } from "../describe-wallet.ts";
import { examples } from "../help.ts";
import { runCommand } from "../run-command.ts";
import type { JsonFields } from "../terminal/json-output.ts";
import type { PasswordOptions } from "../terminal/passwords.ts";
import { addPasswordOption, walletPassword } from "../terminal/passwords.ts";
import { nowSeconds, readUnlockedWallet } from "../wallet-input.ts";
import type { AccountSecrets } from "../wallet-secrets.ts";
import { listSecrets } from "../wallet-secrets.ts";

interface InspectOptions extends PasswordOptions {
  readonly showSecrets?: true;
}

export function addWalletInspectCommand(parent: Command): void {
  const command = parent
    .command("inspect")
    .argument("<wallet>", "a wallet file, or - for standard input")
    .option("--show-secrets", "show seeds, private keys and channel keys as well")
    .summary("show what a wallet holds")
    .description(
      "Shows the wallet's accounts and the names of its preferences. Nothing secret, unless --show-secrets is given: then make sure that nobody looks over your shoulder.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast wallet inspect my_wallet",
        "holdfast wallet export | holdfast wallet inspect -",
      ]),
    );
  addPasswordOption(command, walletPassword);
  command.action((file: string, options: InspectOptions) =>
    runCommand(command, () => inspect(file, options)),
  );
}

async function inspect(file: string, options: InspectOptions): Promise<CommandResult> {
  const wallet = await readUnlockedWallet(file, options);
  const summary = inspectWallet(wallet, { now: nowSeconds() });
  const secrets = options.showSecrets === true ? listSecrets(wallet) : [];
  const conflicts = countConflicts(wallet);
  return done(describeWallet(summary, secrets, conflicts), {
    name: summary.name,
    encrypted: summary.isEncrypted,
    locked: summary.isLocked,
    accounts: summary.accounts.map((account, index) => accountJson(account, secrets[index])),
    preferences: namesOfPreferences(summary),
    conflicts,
  });
}

function accountJson(account: AccountSummary, secrets: AccountSecrets | undefined): JsonFields {
  const { id, name, ledger, kind, generator, gaps, isEncrypted, channelCount, modifiedOn } =
    account;
  return {
    id,
    name,
    ledger,
    kind,
    generator,
    gaps: gaps === undefined ? undefined : { receiving: gaps.receiving, change: gaps.change },
    encrypted: isEncrypted,
    unlockable: account.isUnlockable,
    channels: channelCount,
    modifiedOn,
    secrets,
  };
}

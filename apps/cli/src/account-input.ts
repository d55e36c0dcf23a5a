import { resolve } from "node:path";
import type { Command } from "commander";
import { Option } from "commander";
import { isEmailAddress, type StatusOutcome } from "@holdfast/client";
import { CliError } from "./cli-error.ts";
import { withDevice } from "./open-device.ts";
import type { CommandContext } from "./run-command.ts";
import type { PasswordOptions } from "./terminal/passwords.ts";
import { addPasswordOption } from "./terminal/passwords.ts";
import { askText } from "./terminal/ask.ts";

/** What commander parses for the options of `addAccountOptions`. */
export interface AccountOptions extends PasswordOptions {
  readonly wallet?: string;
  readonly allowPlainHttp?: true;
  readonly mergeLocal?: true;
}

/** The options of the commands that bind a profile to an account. */
export function addAccountOptions(command: Command): Command {
  return addAccountSettings(
    command.argument("[email]", "the account's address, spelled as at sign-up"),
  );
}

/** The same without the address. */
export function addAccountSettings(command: Command): Command {
  command
    .option("--wallet <file>", "sync this LBRY wallet file (default: a wallet inside the profile)")
    .option("--allow-plain-http", "talk to a distant host without encryption (it sees all traffic)")
    .option("--merge-local", "merge a wallet that another account left in this profile");
  return addPasswordOption(command);
}

/** Which protocol an account speaks; `undefined` is 4 where there is no account yet. */
export type ProtocolChoice = "3" | "4";

export function protocolOption(help: string): Option {
  return new Option("--protocol <version>", help).choices(["3", "4"]);
}

/** The wallet and transport choices of an account, as the client takes them. */
export function readAccountOptions(options: AccountOptions): {
  walletPath?: string;
  allowPlainHttp?: boolean;
  besideLeftWallet?: boolean;
} {
  return {
    ...(options.wallet !== undefined && { walletPath: resolve(options.wallet) }),
    ...(options.allowPlainHttp === true && { allowPlainHttp: true }),
    ...(options.mergeLocal === true && { besideLeftWallet: true }),
  };
}

/** The address given, or the person's answer. */
export async function readEmail(email: string | undefined): Promise<string> {
  if (email !== undefined) return email;
  const answer = await askText("E-mail address:");
  if (answer === undefined) throw new CliError("usage", "Which account? Give its e-mail address.");
  return answer;
}

/** Throws `no-address` where no host would take it for one, before a password is asked for. */
export function refuseNoAddress(email: string): void {
  if (isEmailAddress(email.trim())) return;
  throw new CliError(
    "no-address",
    `“${email}” is no e-mail address, so nothing was done. Give it like joe@example.com.`,
  );
}

export function readStatus(context: CommandContext): Promise<StatusOutcome> {
  return withDevice(context, "Reading the profile", (device) => device.status(), {
    choosesServer: true,
  });
}

import { changeId, confirmId, type HeldAccount } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { readEmail, refuseNoAddress } from "../account-input.ts";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { askHidden } from "../terminal/ask.ts";
import {
  addPasswordOption,
  findPassword,
  mailedCode,
  mfaCode,
  passcode,
  type PasswordOptions,
} from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";
import { terminal } from "../terminal/terminal.ts";

interface ChangeOptions extends PasswordOptions {
  readonly change?: string;
}

const attempts = 3;

export function addAccountChangeAddressCommand(account: Command): void {
  const command = account
    .command("change-address")
    .argument("[email]", "the new address")
    .summary("give the account another e-mail address")
    .description(
      "Changes the address that the account is logged in to with; nothing else depends on it, and every device stays logged in. A host that checks addresses by mail sends a code to the new one, which is asked for here, and tells the old one before and after. It is signed with the account's key, so a stolen token cannot do it. Without a terminal it answers with the id of the change; --change with the code finishes it.",
    )
    .option("--change <id>", "finish what was begun without a terminal")
    .addHelpText("after", examples(["holdfast account change-address joe@example.org"]));
  addPasswordOption(command, mailedCode);
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((email: string | undefined, options: ChangeOptions) =>
    runCommand(command, (context) => change(context, email, options)),
  );
}

async function change(
  context: CommandContext,
  givenEmail: string | undefined,
  options: ChangeOptions,
): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      if (options.change !== undefined) return await confirm(account, options.change, options);
      const email = await readEmail(givenEmail);
      refuseNoAddress(email);
      const outcome = await askHost(account, "Changing the address", options, () =>
        changeId(account, email),
      );
      if (outcome.type === "changed") return changed(account);
      if (outcome.type !== "code-mailed") return refuse4(outcome, onlyAddress(outcome.type));
      context.note(`The host mailed a code to ${printable(email)}.`);
      return await confirm(account, outcome.changeId, options);
    },
    { options },
  );
}

async function confirm(
  account: HeldAccount,
  changeId: string,
  options: ChangeOptions,
): Promise<CommandResult> {
  const given = await findPassword(mailedCode, options.mailedCodeFile);
  for (let attempt = 1; ; attempt += 1) {
    const code = given ?? (await askHidden(mailedCode.prompt));
    if (code === undefined) return waitsForCode(account, changeId);
    const outcome = await askHost(account, "Changing the address", options, () =>
      confirmId(account, { changeId, code: code.trim() }),
    );
    if (outcome.type === "changed") return changed(account);
    if (outcome.type !== "code-refused" || given !== undefined || attempt === attempts)
      return refuse4(outcome, onlyAddress(outcome.type));
    terminal.writeErr("That is not the code.\n");
  }
}

function changed(account: HeldAccount): CommandResult {
  const { id } = account.record;
  return done(
    [
      `The account's address is ${printable(id)} from now on.`,
      "Every device stays logged in, and shows the new address after `holdfast account show` there; a new one logs in with it.",
    ],
    { changed: true, email: id },
  );
}

function waitsForCode({ record }: HeldAccount, changeId: string): CommandResult {
  return done(
    `The account's address is still ${printable(record.id)}. With the code, \`holdfast account change-address --change ${printable(changeId)}\` finishes it (${mailedCode.variable}, or ${mailedCode.flag} FILE).`,
    { changed: false, email: record.id, changeId },
  );
}

function onlyAddress(type: string): string | undefined {
  return type === "code-refused" ? "The account's address is unchanged." : undefined;
}

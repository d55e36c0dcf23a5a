import { confirmMfa, type HeldAccount, startMfa } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { recoveryCodeLines } from "../account-4/describe-account.ts";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import {
  addPasswordOption,
  findPassword,
  mfaCode,
  passcode,
  type PasswordOptions,
  readPassword,
} from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";
import { showQrCode } from "../terminal/qr-code.ts";
import { terminal } from "../terminal/terminal.ts";

const attempts = 3;

interface EnableOptions extends PasswordOptions {
  readonly enrolment?: string;
}

export function addMfaEnableCommand(mfa: Command): void {
  const command = mfa
    .command("enable")
    .summary("ask for a code of an app at each login")
    .description(
      "Turns the second factor on. Shows a QR code for an authenticator app, asks for a code of it, and prints recovery codes, of which each works once in place of one. Without a terminal it answers with the secret and an enrolment, and turns nothing on; --enrolment with a code finishes it.",
    )
    .option("--enrolment <id>", "finish what was begun without a terminal")
    .addHelpText("after", examples(["holdfast mfa enable"]));
  addPasswordOption(command, mfaCode);
  addPasswordOption(command, passcode);
  command.action((options: EnableOptions) =>
    runCommand(command, (context) => enable(context, options)),
  );
}

async function enable(context: CommandContext, options: EnableOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      if (options.enrolment !== undefined) {
        const code = await readPassword(mfaCode, options.mfaCodeFile);
        return await confirm(account, options.enrolment, code, options);
      }
      const started = await askHost(account, "Asking the host", options, () => startMfa(account));
      if (started.type !== "started") return refuse4(started);
      const { enrolmentId, secret, uri } = started;
      if (!terminal.isInteractive())
        return done(
          [
            `Secret: ${printable(secret)}`,
            printable(uri),
            `Nothing is on yet: \`holdfast mfa enable --enrolment ${printable(enrolmentId)}\` with a code in ${mfaCode.variable} turns it on.`,
          ],
          { enabled: false, enrolmentId, secret, uri },
        );
      context.note("Scan this with an authenticator app, or give it the secret:");
      context.note(`  ${printable(secret)}`);
      await showQrCode(withoutDefaults(uri));
      return await confirmAsked(account, enrolmentId, options);
    },
    { options },
  );
}

/** Every app takes these for granted; without them the QR code fits into 24 rows. */
function withoutDefaults(uri: string): string {
  return uri.replace("&algorithm=SHA1", "").replace("&digits=6", "").replace("&period=30", "");
}

/** A mistyped code does not cost the scan. */
async function confirmAsked(
  account: HeldAccount,
  enrolmentId: string,
  options: PasswordOptions,
): Promise<CommandResult> {
  const kind = { ...mfaCode, prompt: "The code that the app shows:" };
  const given = await findPassword(kind, options.mfaCodeFile);
  for (let attempt = 1; ; attempt += 1) {
    const code = given ?? (await readPassword(kind, undefined));
    const result = await confirm(account, enrolmentId, code, options);
    const isWrong = result.type === "refused" && result.code === "mfa-refused";
    if (!isWrong || given !== undefined || attempt === attempts) return result;
    terminal.writeErr("That is not the code. The app shows a new one every half minute.\n");
  }
}

async function confirm(
  account: HeldAccount,
  enrolmentId: string,
  code: string,
  options: PasswordOptions,
): Promise<CommandResult> {
  const digits = code.replaceAll(/\s/gu, "");
  if (!/^\d{6}$/u.test(digits)) return refuse4({ type: "mfa-refused" });
  const outcome = await askHost(account, "Turning it on", options, () =>
    confirmMfa(account, { enrolmentId, code: digits }),
  );
  if (outcome.type !== "codes") return refuse4(outcome);
  const { recoveryCodes } = outcome;
  return done(
    [
      "The second factor is on: each login with the password asks for a code; recovery words and pairing do not.",
      "If the app is lost, each of these recovery codes works once. They are shown this once:",
      ...recoveryCodeLines(recoveryCodes),
    ],
    { enabled: true, recoveryCodes },
  );
}

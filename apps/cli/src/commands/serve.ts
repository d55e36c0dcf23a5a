import type { Flags, SettingFlagName } from "@holdfast/server";
import { settingFlags } from "@holdfast/server/setting-flags";
import type { Command } from "commander";
import { examples } from "../help.ts";

interface ServeOptions {
  readonly development?: true;
}

const variables = `
Settings without a flag (environment):
  ACCOUNT_VERIFICATION_MODE   Whitelist (default), AllowAll or EmailVerify
  ACCOUNT_WHITELIST           who may sign up: addresses separated by commas
  HOLDFAST_SMTP_URL           how mails are sent, with HOLDFAST_MAIL_FROM
  MAILGUN_…                   or through Mailgun
The guide to hosting explains all of them.`;

export function addServeCommand(program: Command): void {
  const command = program
    .command("serve")
    .summary("host wallets for others")
    .description(
      "Runs a host until Ctrl-C or SIGTERM. Safe as it starts: it listens on this machine only, and nobody can sign up who is not on the whitelist. The host stores what devices encrypted, and cannot read it.",
    )
    .option(
      "--development",
      "for trying things out: anyone may sign up, mails are printed, no rate limits",
    );
  for (const { flag, placeholder, description, variable } of settingFlags) {
    command.option(`--${flag} <${placeholder}>`, `${description} (env: ${variable})`);
  }
  command
    .addHelpText("after", variables)
    .addHelpText(
      "after",
      examples([
        "holdfast serve --development",
        "ACCOUNT_WHITELIST=joe@example.com holdfast serve --host 0.0.0.0 --data /var/lib/holdfast",
      ]),
    )
    .action(async (options: ServeOptions) => {
      // Loaded here, because the other commands should not wait for the server's libraries.
      const { serve } = await import("@holdfast/server");
      const profile = options.development === true ? "development" : "production";
      process.exitCode = await serve({ flags: readFlags(command), env: process.env, profile });
    });
}

function readFlags(command: Command): Flags {
  const given = settingFlags.flatMap(({ flag }): [SettingFlagName, string][] => {
    const option = command.options.find(({ long }) => long === `--${flag}`);
    const value: unknown = option && command.getOptionValue(option.attributeName());
    return typeof value === "string" ? [[flag, value]] : [];
  });
  return Object.fromEntries(given);
}

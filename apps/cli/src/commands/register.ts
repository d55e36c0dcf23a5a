import type { Registered } from "@holdfast/client";
import { Secret } from "@holdfast/client";
import type { Command } from "commander";
import type { AccountOptions } from "../account-input.ts";
import { addAccountOptions, readAccountOptions, readEmail } from "../account-input.ts";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { defaultServer } from "../global-options.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { printable } from "../terminal/printable.ts";
import { accountPassword, readPassword } from "../terminal/passwords.ts";

export function addRegisterCommand(program: Command): void {
  const command = program
    .command("register")
    .summary("make an account on a host")
    .description(
      "Makes an account and binds this profile to it. The password never leaves this device: the host gets a value derived from it, and a random salt seed that other devices need to derive the same keys.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast register joe@example.com",
        "holdfast register joe@example.com --wallet ~/.local/share/lbry/lbryum/wallets/default_wallet",
        "holdfast --server https://wallets.example.com register joe@example.com",
      ]),
    );
  addAccountOptions(command);
  command.action((email: string | undefined, options: AccountOptions) =>
    runCommand(command, (context) => register(context, email, options)),
  );
}

async function register(
  context: CommandContext,
  givenEmail: string | undefined,
  options: AccountOptions,
): Promise<CommandResult> {
  const email = await readEmail(givenEmail);
  const password = await readPassword(accountPassword, options.passwordFile, { confirm: true });
  if (password === "") {
    return refused(
      "empty-password",
      "An empty password protects nothing: choose one and register again.",
    );
  }
  const server = context.server ?? defaultServer;
  const input = { server, email, password: new Secret(password), ...readAccountOptions(options) };
  const outcome = await withDevice(context, "Registering", (device) => device.register(input), {
    choosesServer: true,
  });
  if (outcome.type !== "registered") return refuseOutcome(outcome);
  return done(describeRegistration(outcome, server), {
    email: outcome.email,
    server,
    saltSeed: outcome.saltSeed,
    verified: outcome.verified,
  });
}

function describeRegistration({ email, saltSeed, verified }: Registered, server: string): string[] {
  const next = verified
    ? "Next: `holdfast login`."
    : "Next: open the link in the mail that the host sent, then `holdfast login`.";
  return [
    `Registered ${printable(email)} at ${printable(server)}.`,
    `Salt seed: ${saltSeed}`,
    next,
  ];
}

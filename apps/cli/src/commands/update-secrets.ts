import { Secret } from "@holdfast/client";
import type { Command } from "commander";
import type { AccountOptions } from "../account-input.ts";
import { addAccountOptions, readAccountOptions, readEmail, readStatus } from "../account-input.ts";
import { refuseProtocol3 } from "../account-4/protocol-memory.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { defaultServer } from "../global-options.ts";
import { examples } from "../help.ts";
import { mergeLocal } from "../merge-local.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { printable } from "../terminal/printable.ts";
import { accountPassword, readPassword } from "../terminal/passwords.ts";

export function addUpdateSecretsCommand(program: Command): void {
  const command = program
    .command("update-secrets")
    .summary("derive an existing account's keys on this device")
    .description(
      "Fetches the account's salt seed from the host and derives the keys from it and the password, so that this device has the same keys as the others. Does not log in. In a profile that has an account, the address may be left out.",
    )
    .addHelpText(
      "after",
      examples([
        "holdfast update-secrets joe@example.com --wallet ./my_wallet",
        "holdfast update-secrets",
      ]),
    );
  addAccountOptions(command);
  command.action((email: string | undefined, options: AccountOptions) =>
    runCommand(command, async (context) =>
      mergeLocal(context, options, await updateSecrets(context, email, options)),
    ),
  );
}

async function updateSecrets(
  context: CommandContext,
  givenEmail: string | undefined,
  options: AccountOptions,
): Promise<CommandResult> {
  const status = await readStatus(context);
  const known = status.type === "status" ? status : undefined;
  const email = await readEmail(givenEmail ?? known?.email);
  const server = context.server ?? known?.server ?? defaultServer;
  await refuseProtocol3(server, email);
  const password = await readPassword(accountPassword, options.passwordFile);
  const input = { server, email, password: new Secret(password), ...readAccountOptions(options) };
  const outcome = await withDevice(
    context,
    "Fetching the salt seed",
    (device) => device.updateSecrets(input),
    { choosesServer: true },
  );
  if (outcome.type !== "updated") return refuseOutcome(outcome);
  const { saltSeed, changed } = outcome;
  const what = changed ? "Derived the keys of" : "Already had the keys of";
  return done(
    [`${what} ${printable(email)}.`, `Salt seed: ${saltSeed}`, "Next: `holdfast login`."],
    {
      email,
      server,
      saltSeed,
      changed,
    },
  );
}

import type { Registered } from "@holdfast/client";
import { Secret } from "@holdfast/client";
import type { AccountOptions } from "../account-input.ts";
import { readAccountOptions } from "../account-input.ts";
import { refuseProtocol3 } from "../account-4/protocol-memory.ts";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { defaultServer } from "../global-options.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { printable } from "../terminal/printable.ts";
import { accountPassword, readPassword } from "../terminal/passwords.ts";

/** An account of protocol 3. */
export async function register3(
  context: CommandContext,
  email: string,
  options: AccountOptions,
): Promise<CommandResult> {
  const server = context.server ?? defaultServer;
  await refuseProtocol3(server, email);
  const password = await readPassword(accountPassword, options.passwordFile, { confirm: true });
  if (password === "") {
    return refused(
      "empty-password",
      "An empty password protects nothing: choose one and register again.",
    );
  }
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

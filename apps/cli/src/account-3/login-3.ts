import type { LoginInput, StatusOutcome } from "@holdfast/client";
import { Secret } from "@holdfast/client";
import type { AccountOptions } from "../account-input.ts";
import { readAccountOptions, readEmail } from "../account-input.ts";
import { refuseProtocol3 } from "../account-4/protocol-memory.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { defaultServer } from "../global-options.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { formatTime } from "../terminal/format-time.ts";
import { printable } from "../terminal/printable.ts";
import { accountPassword, findPassword, readPassword } from "../terminal/passwords.ts";

/** With an account of protocol 3. */
export async function logIn3(
  context: CommandContext,
  status: StatusOutcome,
  email: string | undefined,
  options: AccountOptions,
): Promise<CommandResult> {
  const input = await readLoginInput(context, status, email, options);
  const outcome = await withDevice(context, "Logging in", (device) => device.login(input), {
    choosesServer: true,
  });
  if (outcome.type !== "logged-in") return refuseOutcome(outcome);
  const until = outcome.expiration === null ? "" : ` until ${formatTime(outcome.expiration)}`;
  return done(`Logged in as ${printable(outcome.email)}${until}.`, {
    email: outcome.email,
    deviceId: outcome.deviceId,
    expiration: outcome.expiration,
  });
}

/** A profile with keys needs nothing more; a new or logged-out one needs the password, a new one the address too. */
async function readLoginInput(
  context: CommandContext,
  status: StatusOutcome,
  givenEmail: string | undefined,
  options: AccountOptions,
): Promise<LoginInput> {
  const isNew = status.type === "no-profile";
  const known = status.type === "status" ? status : undefined;
  const needsPassword = isNew || known?.hasPassword === false;
  const email = isNew ? await readEmail(givenEmail) : givenEmail;
  const server = context.server ?? (isNew ? defaultServer : undefined);
  // A profile of protocol 3 as well: its host would be given what the password of protocol 4 can be guessed by.
  const asked = { server: server ?? known?.server, email: email ?? known?.email };
  if (asked.server !== undefined && asked.email !== undefined)
    await refuseProtocol3(asked.server, asked.email);
  const password = needsPassword
    ? await readPassword(accountPassword, options.passwordFile)
    : await findPassword(accountPassword, options.passwordFile);
  return {
    ...readAccountOptions(options),
    ...(server !== undefined && { server }),
    ...(email !== undefined && { email }),
    ...(password !== undefined && { password: new Secret(password) }),
  };
}

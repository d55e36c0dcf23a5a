import { Secret } from "@holdfast/client";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { newPassword, type PasswordOptions, readPassword } from "../terminal/passwords.ts";

/** Protocol 3: the wallet is encrypted anew in the same request. */
export async function changePassword3(
  context: CommandContext,
  options: PasswordOptions & { readonly syncFirst?: true },
): Promise<CommandResult> {
  const password = await readPassword(newPassword, options.newPasswordFile, { confirm: true });
  if (password === "") {
    return refused("empty-password", "An empty password protects nothing; the old one stays.");
  }
  const input = { newPassword: new Secret(password), syncFirst: options.syncFirst === true };
  const outcome = await withDevice(context, "Changing the password", (device) =>
    device.changePassword(input),
  );
  if (outcome.type !== "password-changed") return refuseOutcome(outcome);
  const { saltSeed, sequence } = outcome;
  const what =
    sequence === null
      ? "Changed the password; the account has no wallet yet."
      : `Changed the password and stored the wallet under it as revision ${sequence}.`;
  return done(
    [
      what,
      `Salt seed: ${saltSeed}`,
      "Every device is logged out. Here: `holdfast login`; elsewhere: `holdfast set-local-password`, then `holdfast login`.",
    ],
    { saltSeed, sequence },
  );
}

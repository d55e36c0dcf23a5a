import { readStatus } from "./account-input.ts";
import { logIn3 } from "./account-3/login-3.ts";
import { logInAgain4, logInFresh4, type LoginOptions } from "./account-4/login-4.ts";
import { logInUpgraded } from "./account-4/login-upgraded.ts";
import type { CommandResult } from "./command-result.ts";
import { refused } from "./command-result.ts";
import type { CommandContext } from "./run-command.ts";

/** Logs this profile in, with the protocol that it speaks, or in a new one with the chosen protocol. */
export async function logIn(
  context: CommandContext,
  email: string | undefined,
  options: LoginOptions,
): Promise<CommandResult> {
  const status = await readStatus(context);
  const isFresh = status.type === "no-profile";
  const known = status.type === "status" ? String(status.protocol) : undefined;
  if (isFresh && options.protocol !== "3") return await logInFresh4(context, email, options);
  if (known === "3" && options.protocol === "4") return await logInUpgraded(context, options);
  if (known !== undefined && options.protocol !== undefined && options.protocol !== known)
    return refused(
      "other-protocol",
      `This profile's account is one of protocol ${known}. Leave --protocol out, or choose another --profile.`,
    );
  return known === "4"
    ? await logInAgain4(context, email, options)
    : await logIn3(context, status, email, options);
}

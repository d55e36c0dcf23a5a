import type { CommandResult } from "../command-result.ts";
import { openDevice } from "../open-device.ts";
import type { CommandContext } from "../run-command.ts";
import { accountPassword, readPassword } from "../terminal/passwords.ts";
import { withProgress } from "../terminal/progress.ts";
import { defaultDeviceName } from "./describe-account.ts";
import { giveMfaCode } from "./hold-account.ts";
import { loggedIn, type LoginOptions } from "./login-4.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";

/** A profile of protocol 3 whose account another device upgraded goes on with protocol 4. */
export async function logInUpgraded(
  context: CommandContext,
  options: LoginOptions,
): Promise<CommandResult> {
  const password = await readPassword(accountPassword, options.passwordFile);
  const device = await openDevice(context);
  const outcome = await withProgress("Logging in", () =>
    device.protocol4.joinUpgraded({
      password,
      deviceName: options.deviceName ?? defaultDeviceName(),
      answerMfa: (asked) => giveMfaCode(asked, options),
    }),
  );
  return outcome.type === "logged-in" ? await loggedIn(outcome.account) : refuseUpgrade(outcome);
}

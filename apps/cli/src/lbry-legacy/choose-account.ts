/** Which account a wallet from elsewhere goes to: chosen before anything is fetched, opened only after a yes. */
import type { DeviceStatus } from "@holdfast/client";
import { isSameAccountId } from "@holdfast/client/protocol-4";
import { readEmail, readStatus } from "../account-input.ts";
import type { LoginOptions } from "../account-4/login-4.ts";
import { register4, type RegisterOptions } from "../account-4/register-4.ts";
import { CliError } from "../cli-error.ts";
import type { CommandResult, Refused } from "../command-result.ts";
import { refused } from "../command-result.ts";
import { defaultServer } from "../global-options.ts";
import { logIn } from "../log-in.ts";
import { mergeLocal } from "../merge-local.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { askChoice } from "../terminal/ask.ts";
import { printable } from "../terminal/printable.ts";
import { mailedCode } from "../terminal/passwords.ts";

export type ChooseOptions = Omit<RegisterOptions & LoginOptions, "protocol"> & {
  /** the address; true: it is asked for */
  readonly register?: string | true;
  readonly login?: string | true;
};

export interface ChosenAccount {
  /** where the wallet goes, as a sentence */
  readonly where: string;
  /** what a yes is about */
  readonly question: string;
  /** whether the account may have a wallet already that this profile has not seen */
  readonly isJoined: boolean;
  /** Registers or logs in; its answer is for the person to see at once, and `null` in place of it: nothing was to be done. */
  open(): Promise<CommandResult | null>;
}

export async function chooseAccount(
  context: CommandContext,
  options: ChooseOptions,
): Promise<({ readonly type: "chosen" } & ChosenAccount) | Refused> {
  const status = await withDevice(context, "Reading the profile", (device) => device.status());
  if (status.type === "status") return chooseKnown(context, status, options);
  if (status.type !== "no-profile") return refuseOutcome(status);
  const host = printable(context.server ?? defaultServer);
  const { way, given } = await chooseWay(options);
  const email = await readEmail(given);
  const name = `${printable(email)} at ${host}`;
  return way === "register"
    ? {
        type: "chosen",
        where: `It is to go to a new account, ${name}.`,
        question: "Register the account and push the wallet?",
        isJoined: false,
        open: async () => mergeLocal(context, options, await register4(context, email, options)),
      }
    : {
        type: "chosen",
        where: `It is to go to the account ${name}.`,
        question: "Log in and merge it into the wallet there?",
        isJoined: true,
        open: async () => mergeLocal(context, options, await logIn(context, email, options)),
      };
}

function chooseKnown(
  context: CommandContext,
  status: DeviceStatus,
  options: ChooseOptions,
): ({ readonly type: "chosen" } & ChosenAccount) | Refused {
  const name = `${printable(status.email)} at ${printable(status.server)}`;
  const isPending = status.isRegistrationPending && status.protocol === 4;
  if (isPending && options.login === undefined)
    return {
      type: "chosen",
      where: `It is to go to the account ${name}, whose registration waits for its code.`,
      question: "Finish the registration and push the wallet?",
      isJoined: false,
      open: async () => await register4(context, undefined, options),
    };
  const { login } = options;
  const isOther = typeof login === "string" && !isSameAccountId(login, status.email);
  if (options.register !== undefined || isOther)
    return refuseOutcome({ ...status, type: "profile-exists" });
  if (status.isLoggedIn)
    return {
      type: "chosen",
      where: `It is to go to this profile's account, ${name}.`,
      question: "Merge it into the wallet of this device and sync?",
      isJoined: false,
      open: async () => await Promise.resolve(null),
    };
  return {
    type: "chosen",
    where: `It is to go to this profile's account, ${name}.`,
    question: "Log in and merge it into the wallet there?",
    isJoined: true,
    open: async () => await logIn(context, undefined, options),
  };
}

async function chooseWay({ register, login }: ChooseOptions) {
  const named = login ?? register;
  const way =
    named === undefined
      ? await askChoice("Where is the wallet to go?", [
          { name: "To a new account: register one", value: "register" as const },
          { name: "To an account that I have: log in", value: "login" as const },
        ])
      : login === undefined
        ? "register"
        : "login";
  if (way === undefined)
    throw new CliError(
      "usage",
      "This profile has no account yet, and there is no terminal to ask on: --register EMAIL makes one, --login EMAIL joins one.",
    );
  return { way, given: typeof named === "string" ? named : undefined };
}

/** Opens it; null: it is open, and what there was to say was said. */
export async function openChosen(
  context: CommandContext,
  chosen: ChosenAccount,
): Promise<CommandResult | null> {
  const opened = await chosen.open();
  if (opened?.type !== "done") return opened;
  // At once, because words that are shown this once must not be lost to what goes wrong later.
  context.print(opened.lines.join("\n"), { event: "account", ...opened.json });
  const status = await readStatus(context);
  if (status.type === "status" && status.isLoggedIn) return null;
  return refused(
    "code-mailed",
    `The wallet was not taken over yet. Run the same command again with the code from the mail (${mailedCode.variable}, or ${mailedCode.flag} FILE): it finishes the registration and goes on.`,
  );
}

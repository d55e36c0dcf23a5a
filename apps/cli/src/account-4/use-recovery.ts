/** Opening an account with its recovery words. */
import { checkLinkedWallet, type HeldProfile4 } from "@holdfast/client";
import {
  clearPasscode,
  type HeldAccount,
  logInByPhrase,
  parseRecoveryPhrase,
  type PhraseLogInOutcome,
  type RecoveryEntropy,
  setPasscode,
  unlockByPhrase,
  parseHostAddress,
} from "@holdfast/client/protocol-4";
import { type AccountOptions, readAccountOptions, readStatus } from "../account-input.ts";
import { CliError } from "../cli-error.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { defaultServer } from "../global-options.ts";
import { openDevice } from "../open-device.ts";
import { plural } from "../plural.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { readPassword, recoveryWordsInput } from "../terminal/passwords.ts";
import { withProgress } from "../terminal/progress.ts";
import { defaultDeviceName } from "./describe-account.ts";
import { isResult, withAccount4 } from "./hold-account.ts";
import { loggedIn } from "./login-4.ts";
import { type NewPasscodeOptions, readNewPasscode } from "./passcode-strength.ts";
import { type Failure4, refuse4 } from "./refuse-4.ts";

export interface RecoveryOptions extends AccountOptions, NewPasscodeOptions {
  readonly deviceName?: string;
}

export async function useRecovery(
  context: CommandContext,
  options: RecoveryOptions,
): Promise<CommandResult> {
  const status = await readStatus(context);
  if (status.type !== "no-profile")
    return await withAccount4(context, async (held) => await reopen(held, options), {
      unlocked: false,
    });

  const { allowPlainHttp, walletPath } = readAccountOptions(options);
  const parsed = parseHostAddress(context.server ?? defaultServer, allowPlainHttp);
  if (parsed.type !== "server") return refuseOutcome(parsed);
  const phrase = await readPhrase(options);
  const device = await openDevice(context, { choosesServer: true });
  const outcome = await device.protocol4.start(async (fresh) => {
    const link = await checkLinkedWallet({ ...fresh, profile: null }, walletPath);
    if (link.type !== "link") return refuseOutcome(link);
    const deviceName = options.deviceName ?? defaultDeviceName();
    const opened = await withProgress("Opening the account", () =>
      logInByPhrase(fresh.accountPorts(link.walletPath), { host: parsed.url, phrase, deviceName }),
    );
    if (opened.type === "logged-in") return await openedBy(opened.account);
    return refuse4(opened, opened.type === "unreachable" ? onlyKnown : undefined);
  });
  return isResult(outcome) ? outcome : refuseOutcome(outcome);
}

const onlyKnown =
  "Nothing was opened: without the host, the words open only a profile that knows the account.";

/** A profile that knows the account; where the host cannot be reached, what it remembers is enough. */
async function reopen({ account }: HeldProfile4, options: RecoveryOptions): Promise<CommandResult> {
  const phrase = await readPhrase(options);
  const { host, deviceName } = account.record;
  const opened: PhraseLogInOutcome = await withProgress("Opening the account", () =>
    logInByPhrase(account.ports, { host: new URL(host), phrase, deviceName, known: account }),
  );
  if (opened.type === "unreachable") return await openOffline(account, phrase, options);
  if (opened.type !== "logged-in") return refuse4(opened);
  const { keep, key } = account.record;
  const refused =
    keep === "passcode" && key.type === "none" ? await keepKey(account, options) : null;
  return refused === null ? await openedBy(account) : refuse4(refused);
}

async function openOffline(
  account: HeldAccount,
  phrase: RecoveryEntropy,
  options: RecoveryOptions,
): Promise<CommandResult> {
  const wasOpen = account.unlocked !== null;
  const opened = unlockByPhrase(account, phrase);
  if (opened.type !== "unlocked") return refuse4(opened);
  const offline = "The host could not be reached, so this device has no new session";
  if (wasOpen)
    return done(
      [
        "These are the account's recovery words, as far as this device knows.",
        `${offline}. The account was open here already: nothing was changed.`,
      ],
      { opened: true, changed: false, loggedIn: false },
    );
  const refused = await keepKey(account, options);
  if (refused !== null) return refuse4(refused);
  return done(
    [
      account.record.keep === "passcode"
        ? "Opened the account on this device, and put its keys under the new passcode."
        : "Opened the account on this device.",
      `${offline} yet. When it is there again, \`holdfast login\` begins one, and \`holdfast change-password\` sets a new password.`,
    ],
    { opened: true, changed: true, loggedIn: false },
  );
}

/** Where this device keeps its keys under a passcode, a new one is asked for: the words are used where the old one is forgotten. */
async function keepKey(account: HeldAccount, options: RecoveryOptions): Promise<Failure4 | null> {
  if (account.record.keep !== "passcode") {
    await clearPasscode(account);
    return null;
  }
  const typed = await readNewPasscode(options);
  const set = await withProgress("Setting the passcode", () => setPasscode(account, typed));
  return set.type === "set" ? null : set;
}

async function openedBy(account: HeldAccount): Promise<CommandResult> {
  const result = await loggedIn(account);
  if (result.type !== "done") return result;
  return {
    ...result,
    lines: [...result.lines, "Next: `holdfast change-password` sets a new password."],
  };
}

async function readPhrase(options: RecoveryOptions): Promise<RecoveryEntropy> {
  const typed = await readPassword(recoveryWordsInput, options.recoveryWordsFile);
  const read = parseRecoveryPhrase(typed);
  switch (read.type) {
    case "phrase":
      return read.entropy;
    case "wrong-count":
      throw new CliError(
        "wrong-words",
        `There are ${plural(read.found, "word")}, not 24. Nothing was changed.`,
      );
    case "unknown-words":
      throw new CliError(
        "wrong-words",
        `No recovery word is written like the one on place ${read.places.join(", ")}. Nothing was changed.`,
      );
    case "wrong-checksum":
      throw new CliError(
        "wrong-words",
        "All are recovery words, but not of one kit: one is wrong, or two are swapped. Nothing was changed.",
      );
  }
}

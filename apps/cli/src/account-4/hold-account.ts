/** Commands on the profile's account of protocol 4: its lock, its keys, its session. */
import {
  type CredentialsRefused,
  type HeldProfile4,
  keysRefused,
  unlockHeld,
} from "@holdfast/client";
import {
  findHost,
  type HeldAccount,
  type LogInOutcome,
  type MfaAsked,
  renewSession,
} from "@holdfast/client/protocol-4";
import type { CommandResult } from "../command-result.ts";
import { askPasscode, openDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { askHidden } from "../terminal/ask.ts";
import { findPassword, mfaCode, type PasswordOptions } from "../terminal/passwords.ts";
import { withProgress } from "../terminal/progress.ts";
import { terminal } from "../terminal/terminal.ts";
import { refuse4 } from "./refuse-4.ts";

const attempts = 3;

/** Runs `work` with the profile's lock held; `unlocked` (the default): with the account's keys open. */
export async function withAccount4(
  context: CommandContext,
  work: (held: HeldProfile4) => Promise<CommandResult>,
  {
    unlocked = true,
    options = {},
  }: { readonly unlocked?: boolean; readonly options?: PasswordOptions } = {},
): Promise<CommandResult> {
  const device = await openDevice(context);
  const outcome = await device.protocol4.hold(async (held) => {
    const locked = unlocked ? await openKeys(held.account, options) : null;
    return locked ?? (await work(held));
  });
  return isResult(outcome) ? outcome : refuseOutcome(outcome);
}

export function isResult(outcome: { readonly type: string }): outcome is CommandResult {
  return ["done", "exact", "refused"].includes(outcome.type);
}

/** null: they are open, if need be by the passcode. */
export async function openKeys(
  account: HeldAccount,
  options: PasswordOptions,
): Promise<CommandResult | null> {
  if (account.unlocked !== null) return null;
  if (account.record.key.type !== "passcode") return refuse4({ type: "locked" });
  const locked = await withProgress("Unlocking", async () =>
    unlockHeld({ account, askPasscode: async (attempt) => await askPasscode(options, attempt) }),
  );
  return locked && refuseOutcome(locked);
}

type AskedOutcome<Outcome> =
  | Outcome
  | Exclude<LogInOutcome, { readonly type: "logged-in" | "login-refused" }>
  | CredentialsRefused;

/** Asks the host something, `text` says what; where the session is over, a new one is begun with the keys at hand. */
export async function askHost<Outcome extends { readonly type: string }>(
  account: HeldAccount,
  text: string,
  options: PasswordOptions,
  ask: () => Promise<Outcome>,
): Promise<AskedOutcome<Outcome>> {
  const first = await withProgress(text, ask);
  if (first.type !== "session-ended") return first;
  await account.noteRefusal("session-ended");
  if (account.unlocked === null) return first;
  const renewed = await withProgress("Logging in", () => renewSession(account));
  const session = renewed.type === "locked" ? renewed : await giveMfaCode(renewed, options);
  if (session.type === "locked") return first;
  // No password was given, so none is to blame.
  if (session.type === "login-refused") return await keysRefused(account);
  return session.type === "logged-in" ? await withProgress(text, ask) : session;
}

/** null: it is there. Asked before a person writes words down or thinks of a password for a change that cannot be made. */
export async function missHost({ ports, record }: HeldAccount): Promise<CommandResult | null> {
  const found = await withProgress("Asking the host", () => findHost(ports, new URL(record.host)));
  return found.type === "found" ? null : refuse4(found);
}

/** Goes through the second factor where the host asks for it. */
export async function giveMfaCode(
  outcome: LogInOutcome,
  options: PasswordOptions,
): Promise<LogInOutcome> {
  let current = outcome;
  const given = isMfaAsked(current) ? await findPassword(mfaCode, options.mfaCodeFile) : undefined;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (!isMfaAsked(current)) return current;
    if (current.type === "mfa-refused" && given !== undefined) return current;
    if (current.type === "mfa-refused") terminal.writeErr("That is not the code.\n");
    const code = given ?? (await askHidden(mfaCode.prompt));
    if (code === undefined) return current;
    const asked: MfaAsked = current;
    const trimmed = code.trim();
    // Too short or too long for any code: the host would refuse the whole request.
    current =
      trimmed.length < 6 || trimmed.length > 32
        ? { ...asked, type: "mfa-refused" }
        : await withProgress("Logging in", () => asked.withCode(trimmed));
  }
  return current;
}

function isMfaAsked(outcome: { readonly type: string }): outcome is MfaAsked {
  return outcome.type === "mfa-required" || outcome.type === "mfa-refused";
}

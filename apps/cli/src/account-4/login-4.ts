import { checkLinkedWallet, formatServerUrl, keysRefused } from "@holdfast/client";
import {
  fingerprintsOf,
  type HeldAccount,
  isSameAccountId,
  logInAgain,
  logInByPassword,
  renewSession,
  setPasscode,
  parseHostAddress,
} from "@holdfast/client/protocol-4";
import type { AccountOptions, ProtocolChoice } from "../account-input.ts";
import { readAccountOptions, readEmail, refuseNoAddress } from "../account-input.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { defaultServer } from "../global-options.ts";
import { refuseLeftWallet } from "../merge-local.ts";
import { openDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { formatTime } from "../terminal/format-time.ts";
import { accountPassword, findPassword, passcode, readPassword } from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";
import { withProgress } from "../terminal/progress.ts";
import { defaultDeviceName } from "./describe-account.ts";
import { giveMfaCode, isResult, openKeys, withAccount4 } from "./hold-account.ts";
import { refuse4 } from "./refuse-4.ts";
import { olderHost } from "./register-4.ts";

export interface LoginOptions extends AccountOptions {
  readonly protocol?: ProtocolChoice;
  readonly deviceName?: string;
}

/** A new profile joins an account of protocol 4, by password. */
export async function logInFresh4(
  context: CommandContext,
  givenEmail: string | undefined,
  options: LoginOptions,
): Promise<CommandResult> {
  const email = await readEmail(givenEmail);
  refuseNoAddress(email);
  const { allowPlainHttp, walletPath } = readAccountOptions(options);
  const parsed = parseHostAddress(context.server ?? defaultServer, allowPlainHttp);
  if (parsed.type !== "server") return refuseOutcome(parsed);
  const left = await refuseLeftWallet(context, options, { id: email, host: parsed.url });
  if (left !== null) return left;
  const password = await readPassword(accountPassword, options.passwordFile);
  const device = await openDevice(context, { choosesServer: true });
  const outcome = await device.protocol4.start(async (fresh) => {
    const link = await checkLinkedWallet({ ...fresh, profile: null }, walletPath);
    if (link.type !== "link") return refuseOutcome(link);
    const first = await withProgress("Logging in", () =>
      logInByPassword(fresh.accountPorts(link.walletPath), {
        host: parsed.url,
        id: email,
        password,
        deviceName: options.deviceName ?? defaultDeviceName(),
      }),
    );
    const done = await giveMfaCode(first, options);
    if (done.type === "logged-in") return await loggedIn(done.account);
    if (done.type !== "login-refused") return refuse4(done, olderHost(done));
    return refuse4(
      done,
      `If ${formatServerUrl(parsed.url)} has it as an account of protocol 3, which no answer of a host can tell for sure, log in with --protocol 3.`,
    );
  });
  return isResult(outcome) ? outcome : refuseOutcome(outcome);
}

/** A profile of protocol 4 gets a new session: with the keys at hand, or with the password. */
export async function logInAgain4(
  context: CommandContext,
  email: string | undefined,
  options: LoginOptions,
): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const { id, host } = account.record;
      const given = await findPassword(accountPassword, options.passwordFile);
      // The keys it opens are to lie under the passcode again, so that one comes first.
      if (account.unlocked === null && account.record.key.type === "passcode") {
        const locked = await openKeys(account, options);
        if (locked !== null) return locked;
      }
      // Another device may have changed the address; which account it is, is told by its keys.
      const isOther = email !== undefined && !isSameAccountId(email, id);
      const byPassword = async (typed: string) =>
        await withProgress("Logging in", () =>
          logInAgain(account, { password: typed, ...(isOther && { id: email }) }),
        );
      const byKeys =
        account.unlocked !== null && (given === undefined || isOther)
          ? await withProgress("Logging in", () => renewSession(account))
          : null;
      if (byKeys?.type === "login-refused") {
        const refusal = await keysRefused(account);
        if (refusal.keys === "deleted" && given === undefined) return refuseOutcome(refusal);
      }
      const first =
        byKeys === null || isKeyRefused(byKeys)
          ? await byPassword(given ?? (await readPasswordInstead(context, byKeys, options)))
          : byKeys;
      if (first.type === "locked") return refuse4(first);
      const done = await giveMfaCode(first, options);
      const isAnothers =
        done.type === "logged-in"
          ? isOther && !isSameAccountId(account.record.id, email)
          : done.type === "host-misbehaves" && done.fault === "wrong-account";
      if (isAnothers) {
        const other = { type: "profile-exists", email: id, server: host } as const;
        return refuseOutcome(other);
      }
      if (done.type === "logged-in") return await keepPasscode(account, options);
      return refuse4(done, done.type === "login-refused" ? newAddress : undefined);
    },
    { unlocked: false },
  );
}

const newAddress =
  "If another device changed the account's address, `holdfast login NEW-ADDRESS` tells this one.";

/** The keys at hand no longer open the account: another device changed the password or the keys. */
function isKeyRefused({ type }: { readonly type: string }): boolean {
  return type === "login-refused" || type === "credentials-changed";
}

/** `byKeys`: what came of the keys at hand; null: there are none. */
async function readPasswordInstead(
  context: CommandContext,
  byKeys: { readonly type: string } | null,
  options: LoginOptions,
): Promise<string> {
  if (byKeys !== null)
    context.note("The host no longer takes the keys on this device, so it takes the password.");
  return await readPassword(accountPassword, options.passwordFile);
}

/** Where a passcode was wanted, the keys never lie open: after another device changed them it is set anew. */
async function keepPasscode(account: HeldAccount, options: LoginOptions): Promise<CommandResult> {
  const { keep, key } = account.record;
  if (keep === "passcode" && key.type === "none") {
    const typed = await readPassword(passcode, options.passcodeFile, { confirm: true });
    const set = await withProgress("Setting the passcode", () => setPasscode(account, typed));
    if (set.type !== "set") return refuse4(set);
  }
  return await loggedIn(account);
}

export async function loggedIn(account: HeldAccount): Promise<CommandResult> {
  const { id, deviceId, deviceName, session } = account.record;
  const expiration = session === null ? null : new Date(session.expiresAt).toISOString();
  const { code } = fingerprintsOf(account).identity;
  const until = expiration === null ? "" : ` until ${formatTime(expiration)}`;
  return done(
    [
      `Logged in as ${printable(id)}, on the device “${printable(deviceName)}”${until}.`,
      `Fingerprint: ${code}`,
    ],
    { email: id, deviceId, expiration, protocol: 4, fingerprint: code },
  );
}

import { checkLinkedWallet, formatServerUrl } from "@holdfast/client";
import {
  confirmRegistration,
  findHost,
  fingerprintsOf,
  type HeldAccount,
  isSameAccountId,
  register,
  settleRegistration,
  parseHostAddress,
} from "@holdfast/client/protocol-4";
import type { AccountOptions, ProtocolChoice } from "../account-input.ts";
import { readAccountOptions, readEmail, readStatus, refuseNoAddress } from "../account-input.ts";
import type { CommandResult } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { defaultServer } from "../global-options.ts";
import { refuseLeftWallet } from "../merge-local.ts";
import { openDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { askHidden } from "../terminal/ask.ts";
import { accountPassword, findPassword, mailedCode } from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";
import { withProgress } from "../terminal/progress.ts";
import { terminal } from "../terminal/terminal.ts";
import { defaultDeviceName } from "./describe-account.ts";
import { isResult } from "./hold-account.ts";
import { readStrongPassword, type StrengthOptions } from "./password-strength.ts";
import { type KitOptions, makeRecoveryKit, type RecoveryKit, wordLines } from "./recovery-kit.ts";
import { type Failure4, refuse4 } from "./refuse-4.ts";

export interface RegisterOptions extends AccountOptions, KitOptions, StrengthOptions {
  readonly protocol?: ProtocolChoice;
  readonly deviceName?: string;
  readonly startOver?: true;
}

const attempts = 3;

/** An account of protocol 4; where a registration of this profile is not finished, it goes on with that one. */
export async function register4(
  context: CommandContext,
  givenEmail: string | undefined,
  options: RegisterOptions,
): Promise<CommandResult> {
  const begun = await beginning(context, givenEmail, options);
  if (begun === "go-on") return await goOn(context, options, undefined);
  if (begun !== "begin") return begun;

  const email = await readEmail(givenEmail);
  refuseNoAddress(email);
  const { allowPlainHttp, walletPath } = readAccountOptions(options);
  const parsed = parseHostAddress(context.server ?? defaultServer, allowPlainHttp);
  if (parsed.type !== "server") return refuseOutcome(parsed);
  const left = await refuseLeftWallet(context, options, { id: email, host: parsed.url });
  if (left !== null) return left;
  const password = await readStrongPassword(
    accountPassword,
    options.passwordFile,
    [email],
    options,
  );
  const host = formatServerUrl(parsed.url);

  let kit: RecoveryKit | undefined;
  const device = await openDevice(context, { choosesServer: true });
  const outcome = await device.protocol4.start(async (fresh) => {
    const link = await checkLinkedWallet({ ...fresh, profile: null }, walletPath);
    if (link.type !== "link") return refuseOutcome(link);
    const ports = fresh.accountPorts(link.walletPath);
    // Nobody is to write words down for an account that cannot be made.
    const found = await withProgress("Asking the host", () => findHost(ports, parsed.url));
    if (found.type !== "found") return refuseRegistration(found);
    kit = await makeRecoveryKit(options, { id: email, host });
    const made = await withProgress("Registering", () =>
      register(ports, {
        host: parsed.url,
        id: email,
        password,
        deviceName: options.deviceName ?? defaultDeviceName(),
        ...(kit && { phrase: kit.phrase }),
      }),
    );
    if (isOver(made)) await fresh.forget();
    if (made.type === "registered") return await registered(made.account, kit);
    return made.type === "code-mailed" ? made : refuseRegistration(made, kit);
  });
  if (outcome.type === "code-mailed") return await goOn(context, options, kit);
  return isResult(outcome) ? outcome : refuseOutcome(outcome);
}

/** Whether this profile's registration waits for its code, or begins. */
async function beginning(
  context: CommandContext,
  email: string | undefined,
  { startOver }: RegisterOptions,
): Promise<"begin" | "go-on" | CommandResult> {
  const status = await readStatus(context);
  if (status.type === "no-profile") return "begin";
  if (status.type !== "status") return refuseOutcome(status);
  if (status.protocol !== 4 || !status.isRegistrationPending)
    return refuseOutcome({ ...status, type: "profile-exists" });
  if (startOver === true) return (await forgetRegistration(context)) ?? "begin";
  if (email === undefined || isSameAccountId(email, status.email)) return "go-on";
  return refused(
    "registration-pending",
    `This profile waits for the code that was mailed to ${printable(status.email)}. Nothing was changed. \`holdfast register\` takes the code; \`holdfast register --start-over\` begins again with another address.`,
  );
}

/** null: it is forgotten. One whose code was taken is an account, and none is forgotten that might be one. */
async function forgetRegistration(context: CommandContext): Promise<CommandResult | null> {
  const device = await openDevice(context, { choosesServer: true });
  const outcome = await device.protocol4.hold(async (held) => {
    const { pending } = held.account.record;
    if (pending?.type !== "registration" || !pending.isMailed)
      return refused(
        "unsettled",
        "It is not known yet whether the account was made: `holdfast register` without --start-over finds out.",
      );
    await held.forget();
    return { type: "forgotten" } as const;
  });
  if (outcome.type === "forgotten") return null;
  return isResult(outcome) ? outcome : refuseOutcome(outcome);
}

/** Nothing was made, and nothing will be: the profile is as it was. */
function isOver({ type }: { readonly type: string }): boolean {
  return type === "not-invited" || type === "id-taken" || type === "not-registered";
}

/** Finishes a registration: settles a lost answer, and takes the mailed code. */
async function goOn(
  context: CommandContext,
  options: RegisterOptions,
  kit: RecoveryKit | undefined,
): Promise<CommandResult> {
  const device = await openDevice(context, { choosesServer: true });
  const outcome = await device.protocol4.hold(async (held) => {
    const { account } = held;
    const { pending } = account.record;
    const isMailed = pending?.type === "registration" && pending.isMailed;
    const settled = isMailed
      ? ({ type: "code-mailed" } as const)
      : await withProgress("Registering", () => settleRegistration(account));
    const made = settled.type === "code-mailed" ? await confirm(account, options) : settled;
    if (made.type === "code-mailed") return waitsForCode(account, kit);
    if (made.type !== "code-refused" && isOver(made)) await held.forget();
    if (made.type === "registered") return await registered(account, kit);
    if (made.type === "code-refused")
      return refuse4(
        made,
        "It works for an hour, and not after five wrong ones: `holdfast register --start-over` begins again, and has another code mailed.",
      );
    return refuseRegistration(made);
  });
  return isResult(outcome) ? outcome : refuseOutcome(outcome);
}

async function confirm(account: HeldAccount, options: RegisterOptions) {
  const given = await findPassword(mailedCode, options.mailedCodeFile);
  if (given === undefined && terminal.isInteractive())
    terminal.writeErr(`The host mailed a code to ${printable(account.record.id)}.\n`);
  for (let attempt = 1; ; attempt += 1) {
    const code = given ?? (await askHidden(mailedCode.prompt));
    if (code === undefined) return { type: "code-mailed" } as const;
    const made = await withProgress("Registering", () => confirmRegistration(account, code.trim()));
    const isLast = given !== undefined || attempt === attempts;
    if (made.type !== "code-refused" || isLast) return made;
    terminal.writeErr("That is not the code.\n");
  }
}

async function registered(
  account: HeldAccount,
  kit: RecoveryKit | undefined,
): Promise<CommandResult> {
  const { host, id } = account.record;
  const { code } = fingerprintsOf(account).identity;
  return done(
    [
      `Registered ${printable(id)} at ${printable(host)}; this device is logged in.`,
      `Fingerprint: ${code}`,
      ...recoveryLines(account, kit),
    ],
    { ...jsonOf(account, kit), verified: true, fingerprint: code },
  );
}

function waitsForCode(account: HeldAccount, kit: RecoveryKit | undefined): CommandResult {
  return done(
    [
      `The host mailed a code to ${printable(account.record.id)}. With it, \`holdfast register\` finishes the registration (${mailedCode.variable}, or ${mailedCode.flag} FILE).`,
      ...wordLines(kit),
    ],
    { ...jsonOf(account, kit), verified: false },
  );
}

function recoveryLines(account: HeldAccount, kit: RecoveryKit | undefined): readonly string[] {
  if (kit?.shown !== undefined) return wordLines(kit);
  if (hasRecovery(account)) return [];
  return [
    "No recovery words: if the password is forgotten, nobody can open the account. `holdfast recovery create` makes some.",
  ];
}

function jsonOf(account: HeldAccount, kit: RecoveryKit | undefined) {
  const { id, host } = account.record;
  const recovery = hasRecovery(account);
  return { email: id, server: host, protocol: 4, recovery, recoveryWords: kit?.shown };
}

export function hasRecovery({ newest }: HeldAccount): boolean {
  return newest.slots.some(({ kind }) => kind === "recovery");
}

/** `kit`: what a person wrote down for nothing, where they did. */
function refuseRegistration(failure: Failure4, kit?: RecoveryKit): CommandResult {
  const isForNothing = kit !== undefined && kit.shown === undefined && isOver(failure);
  return refuse4(
    failure,
    isForNothing ? "The words just shown open nothing: throw them away." : olderHost(failure),
  );
}

/** A host that knows nothing of protocol 4 answers like this. */
export function olderHost(failure: Failure4): string | undefined {
  const isOlder =
    (failure.type === "host-refused" && failure.code === null) ||
    (failure.type === "host-misbehaves" && failure.fault === "malformed-answer");
  return isOlder
    ? "A host that speaks only protocol 3, LBRY's own, is used with --protocol 3."
    : undefined;
}

/** `sync --heal` (CLI-21): what healing a restored host takes beside this device's keys is asked for, one thing after the other. */
import { describeFailure, type HealingNeeds, type SyncOutcome } from "@holdfast/client";
import { readStatus } from "../account-input.ts";
import type { CommandResult, Refused } from "../command-result.ts";
import { done, refused } from "../command-result.ts";
import { describeSync } from "../describe-sync.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import {
  accountPassword,
  findPassword,
  mfaCode,
  oldPassword,
  type PasswordKind,
  type PasswordOptions,
  readPassword,
} from "../terminal/passwords.ts";
import { terminal } from "../terminal/terminal.ts";
import { readStrongPassword, type StrengthOptions } from "./password-strength.ts";

export type HealOptions = PasswordOptions & StrengthOptions;

export const passwordToHeal: PasswordKind = {
  ...accountPassword,
  prompt: "Password from now on:",
  noun: "the account's password from now on",
  help: "with --heal: read the account's password from now on from FILE",
};

type Secrets = { oldPassword?: string; password?: string; mfaCode?: string };

const attempts = 3;

export async function heal(context: CommandContext, options: HealOptions): Promise<CommandResult> {
  const secrets: Secrets = {};
  for (let wrong = 0; ;) {
    const outcome = await withDevice(context, "Healing the host", (device) =>
      device.sync({ decision: "heal", healing: { ...secrets } }),
    );
    if (outcome.type !== "healing-needs") return describeHealed(outcome, secrets);
    if (outcome.wasRefused) wrong += 1;
    if (wrong === attempts) return refuseNeeds(outcome);
    const refusal = await readNeeded(context, outcome, options, secrets);
    if (refusal !== null) return refusal;
  }
}

/** null: it is among the secrets now. */
async function readNeeded(
  context: CommandContext,
  needs: HealingNeeds,
  options: HealOptions,
  secrets: Secrets,
): Promise<Refused | null> {
  const { what, wasRefused } = needs;
  const { kind, file } = sourceOf(what, options);
  const isGiven = (await findPassword(kind, file)) !== undefined;
  // What a script gave is not asked for again.
  if ((wasRefused && isGiven) || (!isGiven && !terminal.isInteractive())) return refuseNeeds(needs);
  if (!isGiven) context.note(describeFailure(needs));
  if (what === "password")
    secrets.password = await readStrongPassword(kind, file, await namesOf(context), options);
  else if (what === "old-password") secrets.oldPassword = await readPassword(kind, file);
  else secrets.mfaCode = (await readPassword(kind, file)).trim();
  return null;
}

function sourceOf(what: HealingNeeds["what"], options: HealOptions) {
  switch (what) {
    case "old-password":
      return { kind: oldPassword, file: options.oldPasswordFile };
    case "password":
      return { kind: passwordToHeal, file: options.passwordFile };
    case "mfa-code":
      return { kind: mfaCode, file: options.mfaCodeFile };
  }
}

/** What others know of the person. */
async function namesOf(context: CommandContext): Promise<readonly string[]> {
  const status = await readStatus(context);
  return status.type === "status" ? [status.email] : [];
}

/** With where a script is to put it. */
function refuseNeeds(needs: HealingNeeds): Refused {
  const { kind } = sourceOf(needs.what, {});
  const how = needs.wasRefused ? "" : ` Give it with ${kind.variable} or ${kind.flag} FILE.`;
  return refused(`healing-needs-${needs.what}`, `${describeFailure(needs)}${how}`);
}

function describeHealed(
  outcome: Exclude<SyncOutcome, HealingNeeds>,
  { password }: Secrets,
): CommandResult {
  if (outcome.type !== "synced") return refuseOutcome(outcome);
  const { lines, json } = describeSync(outcome);
  const isRegistered = password !== undefined;
  return done(
    [
      ...lines,
      ...(isRegistered
        ? [
            "The host has the password again. The account's other devices ask for it at `holdfast login`.",
          ]
        : []),
    ],
    { ...json, passwordRegistered: isRegistered },
  );
}

import type { DeviceStatus } from "@holdfast/client";
import { describeFailure } from "@holdfast/client";
import type { Command } from "commander";
import { hexSessionId, shortIdLength } from "../account-4/describe-account.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { needsDecision } from "../describe-conflict.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { formatTime } from "../terminal/format-time.ts";
import { printable } from "../terminal/printable.ts";

export function addStatusCommand(program: Command): void {
  const command = program
    .command("status")
    .summary("show what this device knows")
    .description(
      "Shows the account, the host, and whether there are changes to push. Asks nobody: it reads the profile only.",
    )
    .addHelpText("after", examples(["holdfast status", "holdfast status --json"]));
  command.action(() => runCommand(command, showStatus));
}

async function showStatus(context: CommandContext): Promise<CommandResult> {
  const status = await withDevice(context, "Reading the profile", (device) => device.status());
  if (status.type === "no-profile") {
    return done(
      [
        `No account yet in ${printable(context.profile)}.`,
        "`holdfast register EMAIL` makes one; `holdfast login EMAIL` joins one.",
      ],
      { account: null, profile: context.profile },
    );
  }
  if (status.type !== "status") return refuseOutcome(status);
  const summary = summarize(status);
  return done([summary, "", ...describeStatus(status, context.profile)], {
    summary,
    account: status.email,
    server: status.server,
    deviceId: status.deviceId,
    device: status.listed && hexSessionId(status.listed.sessionId),
    passcode: status.hasPasscode,
    walletName: status.otherWallet?.name ?? null,
    protocol: status.protocol,
    saltSeed: status.saltSeed,
    profile: context.profile,
    wallet: status.walletLocation,
    walletLinked: status.isWalletLinked,
    walletProblem: status.walletProblem?.reason ?? null,
    hostProblem: status.hostProblem?.fault ?? null,
    passwordKnown: status.hasPassword,
    registrationPending: status.isRegistrationPending,
    loggedIn: status.isLoggedIn,
    refusal: status.refusal,
    expiration: status.expiration,
    syncedSequence: status.syncedSequence,
    localChanges: status.hasLocalChanges,
    conflicts: status.openConflicts,
    inFlightSequence: status.inFlightSequence,
    passwordChangePending: status.isPasswordChangePending,
  });
}

/** What the host said last, which is no longer what this device would like to believe. */
const refusals: Readonly<
  Record<
    NonNullable<DeviceStatus["refusal"]>,
    { readonly summary: string; readonly session: string }
  >
> = {
  "session-ended": {
    summary:
      "Logged out: the host ended this device's session. Your wallet and your changes are kept. `holdfast login` begins a new one.",
    session: "ended by the host; `holdfast login` begins a new one",
  },
  "keys-refused": {
    summary:
      "Logged out: the host does not take this device's keys. Another device replaced them or deleted the account. Your wallet and your changes are kept. `holdfast login` goes on with the new password.",
    session:
      "ended: the host does not take this device's keys; `holdfast login` asks for the password",
  },
  "account-deleted": {
    summary:
      "The account was deleted from this device. Your wallet stays on it: `holdfast wallet export FILE` writes it out.",
    session: "ended: the account was deleted from this device",
  },
  upgraded: {
    summary:
      "Logged out: another device made this account one of protocol 4. Your wallet and your changes are kept. `holdfast login --protocol 4` goes on, with the account's new password.",
    session: "ended: the account is one of protocol 4 now; `holdfast login --protocol 4` goes on",
  },
};

/** How things are, and what to do next, in a sentence. */
function summarize(status: DeviceStatus): string {
  const { walletProblem, hostProblem, openConflicts, syncedSequence } = status;
  if (walletProblem !== null) return describeFailure(walletProblem);
  if (hostProblem !== null)
    return `Syncing has stopped: ${hostProblem.detail}. Your wallet on this device is unchanged. \`holdfast sync\` looks again, \`holdfast sync --look\` shows what the host has.`;
  if (status.refusal !== null) return refusals[status.refusal].summary;
  if (openConflicts !== null && openConflicts > 0) return needsDecision(openConflicts).join(" ");
  if (!status.hasPassword) return "Logged out. Your wallet is kept; `holdfast login` goes on.";
  if (status.inFlightSequence !== null)
    return "The last push has no answer yet; `holdfast sync` settles it.";
  if (status.hasLocalChanges === true)
    return "This device has changes that the host does not have: `holdfast sync` brings both together.";
  if (syncedSequence === 0 || syncedSequence === null)
    return "Not synced yet: `holdfast sync` takes the host's wallet, if it has one.";
  return `In sync with revision ${syncedSequence}, as far as this device knows; \`holdfast sync\` asks the host.`;
}

function describeStatus(status: DeviceStatus, profile: string): string[] {
  const rows: [string, string][] = [
    ["Account", printable(status.email)],
    ["Host", printable(status.server)],
    ["Session", describeSession(status)],
    ["Wallet", describeWallet(status)],
    ["Stored in", printable(status.walletLocation)],
    ["Profile", printable(profile)],
    ["Device", describeDevice(status)],
    ...(status.hasPasscode === null ? [] : [describePasscode(status.hasPasscode)]),
    ...(status.saltSeed === null ? [] : ([["Salt seed", status.saltSeed]] as [string, string][])),
  ];
  return rows.map(([name, value]) => `${name.padEnd(10)} ${value}`);
}

/** By the id that `devices list` shows and `devices revoke` takes, where there is one. */
function describeDevice({ listed, deviceId }: DeviceStatus): string {
  if (listed === null) return printable(deviceId);
  return `${hexSessionId(listed.sessionId).slice(0, shortIdLength)}, “${printable(listed.name)}”`;
}

function describePasscode(isSet: boolean): [string, string] {
  return ["Passcode", isSet ? "set" : "none; `holdfast passcode set` sets one"];
}

function describeSession(status: DeviceStatus): string {
  if (status.isRegistrationPending) {
    return "the registration has no answer yet; `holdfast register` with the same address settles it";
  }
  if (status.isPasswordChangePending) {
    return "a password change has no answer yet; the next pull, push or sync settles it";
  }
  if (status.refusal !== null) return refusals[status.refusal].session;
  if (!status.hasPassword) return "logged out; `holdfast login` asks for the password";
  if (!status.isLoggedIn) return "not logged in; `holdfast login` gets a token";
  return status.expiration === null
    ? "logged in"
    : `logged in until ${formatTime(status.expiration)}`;
}

function describeWallet(status: DeviceStatus): string {
  const { otherWallet } = status;
  if (otherWallet === null) return describeState(status);
  const name =
    otherWallet.name === null ? "not the default one" : `“${printable(otherWallet.name)}”`;
  return `${name}: ${describeState(status)}`;
}

function describeState(status: DeviceStatus): string {
  if (status.walletProblem !== null) return printable(status.walletProblem.detail);
  const synced =
    status.syncedSequence === 0 ? "never synced" : `synced with revision ${status.syncedSequence}`;
  if (status.inFlightSequence !== null) {
    return `${synced}; revision ${status.inFlightSequence} was sent and not yet answered`;
  }
  return status.hasLocalChanges === true ? `${synced}, changes to push` : `${synced}, no changes`;
}

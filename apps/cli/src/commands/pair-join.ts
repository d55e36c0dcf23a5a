import {
  fingerprintsOf,
  handOver,
  type HeldAccount,
  type Proof,
  readInvitation,
  unlockByPasscode,
} from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { fingerprintLines } from "../account-4/describe-account.ts";
import { askHost, withAccount4 } from "../account-4/hold-account.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import {
  accountPassword,
  addPasswordOption,
  invitationInput,
  mfaCode,
  passcode,
  type PasswordOptions,
  readPassword,
} from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";
import { withProgress } from "../terminal/progress.ts";

export function addPairJoinCommand(pair: Command): void {
  const command = pair
    .command("join")
    .summary("on a device that has the account: let the new one join")
    .description(
      "Takes the line that `holdfast pair show` prints on the new device, asks for this device's passcode or the password once more, and hands the account over, sealed to that device alone. The host only carries it. Then compare the fingerprint with what the new device shows.",
    )
    .addHelpText("after", examples(["holdfast pair join"]));
  addPasswordOption(command, invitationInput);
  addPasswordOption(command);
  addPasswordOption(command, passcode);
  addPasswordOption(command, mfaCode);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => join(context, options)),
  );
}

async function join(context: CommandContext, options: PasswordOptions): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const typed = await readPassword(invitationInput, options.invitationFile);
      const read = readInvitation(account, typed.trim());
      if (read.type !== "invitation") return refuse4(read);
      const { invitation, deviceName } = read;
      context.note(
        `“${printable(deviceName)}” asks for the account ${printable(account.record.id)}.`,
      );
      const proof = await readProof(account, options);
      if (proof === null) return refuse4({ type: "wrong-passcode" });
      const outcome = await askHost(account, "Handing the account over", options, () =>
        handOver(account, invitation, proof),
      );
      if (outcome.type !== "handed-over") return refuse4(outcome);
      const { identity } = fingerprintsOf(account);
      return done(
        [
          `Handed the account to “${printable(deviceName)}”. There, say yes if it shows the same fingerprint:`,
          ...fingerprintLines(identity).map((line) => `  ${line}`),
        ],
        { handedOver: true, deviceName, fingerprint: identity.code },
      );
    },
    { unlocked: false },
  );
}

/** The passcode of a device that has one, which opens it on the way; else the password. null: the passcode is wrong. */
async function readProof(account: HeldAccount, options: PasswordOptions): Promise<Proof | null> {
  if (account.record.key.type !== "passcode") {
    const password = await readPassword(accountPassword, options.passwordFile);
    return { type: "password", password };
  }
  const typed = await readPassword(passcode, options.passcodeFile);
  const opened = await withProgress("Unlocking", () => unlockByPasscode(account, typed));
  return opened.type === "unlocked" ? { type: "passcode", passcode: typed } : null;
}

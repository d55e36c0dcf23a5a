import { checkLinkedWallet } from "@holdfast/client";
import { invite, type PairingAnswer, parseHostAddress } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { type AccountOptions, readAccountOptions } from "../account-input.ts";
import { defaultDeviceName, fingerprintLines } from "../account-4/describe-account.ts";
import { isResult } from "../account-4/hold-account.ts";
import { loggedIn } from "../account-4/login-4.ts";
import { refuse4 } from "../account-4/refuse-4.ts";
import type { CommandResult } from "../command-result.ts";
import { refused } from "../command-result.ts";
import { defaultServer } from "../global-options.ts";
import { examples } from "../help.ts";
import { openDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { askYes } from "../terminal/ask.ts";
import { printable } from "../terminal/printable.ts";
import { withProgress } from "../terminal/progress.ts";
import { showQrCode } from "../terminal/qr-code.ts";
import { untilStopped } from "../terminal/until-stopped.ts";

interface ShowOptions extends AccountOptions {
  readonly deviceName?: string;
  readonly fingerprint?: string;
}

export function addPairShowCommand(pair: Command): void {
  const command = pair
    .command("show")
    .summary("on the new device: show what another one scans")
    .description(
      "Asks a device that has the account to hand it over to this new profile. Shows a QR code and the same as a line to copy into `holdfast pair join` there, waits up to five minutes, and shows whose account came: say yes only if the other device shows the same fingerprint. No password is typed here.",
    )
    .option("--wallet <file>", "sync this LBRY wallet file (default: a wallet inside the profile)")
    .option("--allow-plain-http", "talk to a distant host without encryption (it sees all traffic)")
    .option("--device-name <name>", "how the account's other devices see this one")
    .option("--fingerprint <code>", "take the account with this fingerprint, and ask nobody")
    .addHelpText(
      "after",
      examples([
        "holdfast --server https://wallets.example.com pair show",
        "holdfast pair show --fingerprint 7KQ2-9XHT-04AB-MWDN --json",
      ]),
    );
  command.action((options: ShowOptions) =>
    runCommand(command, (context) => show(context, options)),
  );
}

async function show(context: CommandContext, options: ShowOptions): Promise<CommandResult> {
  const { allowPlainHttp, walletPath } = readAccountOptions(options);
  const parsed = parseHostAddress(context.server ?? defaultServer, allowPlainHttp);
  if (parsed.type !== "server") return refuseOutcome(parsed);
  const device = await openDevice(context, { choosesServer: true });
  const outcome = await device.protocol4.start(async (fresh) => {
    const link = await checkLinkedWallet({ ...fresh, profile: null }, walletPath);
    if (link.type !== "link") return refuseOutcome(link);
    return await untilStopped(async (signal) => {
      const deviceName = options.deviceName ?? defaultDeviceName();
      const ports = fresh.accountPorts(link.walletPath);
      const offer = await invite(ports, { host: parsed.url, deviceName, signal });
      if (offer.type !== "invited") return refuse4(offer);
      const { invitation } = offer;
      await showQrCode(invitation);
      context.note(
        "On a device that has the account, run `holdfast pair join` and give it this line:",
      );
      context.print(invitation, { event: "invitation", invitation });
      const answer = await withProgress("Waiting for the other device", () => offer.answer());
      if (signal.aborted) return refused("interrupted", "Stopped; nothing was changed.");
      return await decide(context, answer, options);
    });
  });
  return isResult(outcome) ? outcome : refuseOutcome(outcome);
}

async function decide(
  context: CommandContext,
  answer: PairingAnswer,
  options: ShowOptions,
): Promise<CommandResult> {
  if (answer.type !== "offered") return refuse4(answer);
  const { id, fingerprint } = answer;
  const isExpected = options.fingerprint?.trim().toUpperCase() === fingerprint.code;
  if (options.fingerprint !== undefined && !isExpected)
    return refused(
      "other-account",
      `The other device handed over the account with the fingerprint ${fingerprint.code}, not the expected one. Nothing was taken.`,
    );
  if (!isExpected) {
    context.note(`The other device hands over the account ${printable(id)}. Its fingerprint:`);
    for (const line of fingerprintLines(fingerprint)) context.note(`  ${line}`);
    const isSame = await askYes("Does the other device show the same?");
    if (isSame !== true)
      return refused(
        "not-confirmed",
        isSame === false
          ? "Nothing was taken. If the fingerprints differ, somebody is between the two devices."
          : "Nothing was taken: without a terminal, --fingerprint says which account is to come.",
      );
  }
  const opened = await withProgress("Logging in", () => answer.accept());
  return opened.type === "logged-in" ? await loggedIn(opened.account) : refuse4(opened);
}

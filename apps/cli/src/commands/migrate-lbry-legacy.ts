import { describeFailure } from "@holdfast/client";
import { formatWalletFile, inspectWallet } from "@holdfast/wallet/lbry";
import { type Command, Option } from "commander";
import { addAccountSettings } from "../account-input.ts";
import { CliError } from "../cli-error.ts";
import { type CommandResult, done, refused } from "../command-result.ts";
import { needsDecision } from "../describe-conflict.ts";
import { describeWallet, namesOfPreferences } from "../describe-wallet.ts";
import { examples } from "../help.ts";
import {
  type ChooseOptions,
  type ChosenAccount,
  chooseAccount,
  openChosen,
} from "../lbry-legacy/choose-account.ts";
import {
  authToken,
  type FindOptions,
  findWallet,
  syncPassword,
} from "../lbry-legacy/find-wallet.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import { type CommandContext, runCommand } from "../run-command.ts";
import { askYes } from "../terminal/ask.ts";
import { addPasswordOption, mailedCode, mfaCode, passcode } from "../terminal/passwords.ts";

type MigrateOptions = FindOptions & ChooseOptions & { readonly yes?: true };

export function addMigrateLbryLegacyCommand(migrate: Command): void {
  const command = migrate
    .command("lbry-legacy")
    .summary("take over the wallet that LBRY's own sync keeps")
    .description(
      "Reads the wallet that LBRY's custodial sync API keeps for your LBRY account, shows what is in it, and asks. After a yes it registers or logs in, where the profile has no account yet, merges the wallet into this device's and syncs. Nothing is changed at LBRY's.\n\nThe auth token is what LBRY Desktop and Odysee log in to that API with. A wallet that was synced without a password needs none here.",
    )
    .addOption(new Option("--api <url>", "the API's address").default("https://api.lbry.com"))
    .option(`${authToken.flag} <file>`, `${authToken.help} (env: ${authToken.variable})`)
    .option(`${syncPassword.flag} <file>`, `${syncPassword.help} (env: ${syncPassword.variable})`)
    .option("--other-hash", "take the wallet although its hash is not the one the API names")
    .option("--yes", "do not ask")
    .addOption(
      new Option("--register [email]", "in a new profile: make an account, as `register` does"),
    )
    .addOption(
      new Option("--login [email]", "in a new profile: log in, as `login` does").conflicts(
        "register",
      ),
    )
    .option("--device-name <name>", "how the account's other devices see this one")
    .option("--no-recovery", "make no recovery words (`recovery create` does it later)")
    .option("--show-words", "put the recovery words into the answer instead of asking for them")
    .option("--allow-weak-password", "take a password that would soon be guessed")
    .addHelpText(
      "after",
      examples([
        "holdfast migrate lbry-legacy",
        "holdfast migrate lbry-legacy --login joe@example.com --token-file ./token",
        "holdfast migrate lbry-legacy --register joe@example.com --yes --show-words --json",
      ]),
    );
  addAccountSettings(command);
  addPasswordOption(command, mailedCode);
  addPasswordOption(command, mfaCode);
  addPasswordOption(command, passcode);
  command.action((options: MigrateOptions) =>
    runCommand(command, (context) => migrateLegacy(context, options)),
  );
}

async function migrateLegacy(
  context: CommandContext,
  options: MigrateOptions,
): Promise<CommandResult> {
  const chosen = await chooseAccount(context, options);
  if (chosen.type !== "chosen") return chosen;
  const found = await findWallet(options);
  if (found.type !== "found") return found;
  const summary = inspectWallet(found.wallet);
  const shown = ["", ...describeWallet(summary, [], 0), "", chosen.where];
  for (const line of ["LBRY's sync has this wallet:", ...shown]) context.note(line);
  if (options.yes !== true && !(await agrees(chosen.question)))
    return refused("not-wanted", "Nothing was changed, here or on the host.");
  const closed = await openChosen(context, chosen);
  if (closed !== null) return closed;
  const moved = await move(context, chosen, formatWalletFile(found.wallet));
  if (moved.type !== "moved") return moved;
  const { how, sequence, conflicts } = moved;
  return done(
    [
      `LBRY's wallet ${how === "taken" ? "is the wallet of" : "was merged into the wallet of"} this device, and is on the host as revision ${sequence}.`,
      ...needsDecision(conflicts),
    ],
    {
      how,
      accounts: summary.accounts.map(({ id }) => id),
      preferences: namesOfPreferences(summary),
      sequence,
      conflicts,
    },
  );
}

async function agrees(question: string): Promise<boolean> {
  const answer = await askYes(question);
  if (answer !== undefined) return answer;
  throw new CliError("usage", "Nobody can be asked here: --yes goes on without a question.");
}

async function move(context: CommandContext, { isJoined }: ChosenAccount, walletText: string) {
  if (isJoined) {
    // What the account has comes first, so that it is the base that the import is an edit of.
    const pulled = await withDevice(context, "Syncing", (device) => device.sync());
    if (pulled.type !== "synced") return notYet(pulled, "The wallet was not taken over yet.");
  }
  const imported = await withDevice(context, "Taking the wallet over", (device) =>
    device.importWallet(walletText),
  );
  if (imported.type !== "imported") return refuseOutcome(imported);
  const synced = await withDevice(context, "Syncing", (device) => device.sync());
  if (synced.type !== "synced")
    return notYet(synced, "The wallet is on this device, and not yet on the host.");
  const { sequence, openConflicts: conflicts } = synced;
  return { type: "moved", how: imported.how, sequence, conflicts } as const;
}

function notYet(failure: { readonly type: string }, where: string) {
  return refused(failure.type, `${where} ${describeFailure(failure)}`);
}

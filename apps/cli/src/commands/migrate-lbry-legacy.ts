import {
  type CustodialOutcome,
  describeFailure,
  readCustodialWallet,
  Secret,
} from "@holdfast/client";
import { nativeScrypt } from "@holdfast/client/node";
import {
  formatWalletFile,
  hashWallet,
  inspectWallet,
  isLocked,
  parseWallet,
  unlockWallet,
  unpackBlob,
  type WalletDocument,
  WalletError,
} from "@holdfast/wallet/lbry";
import { type Command, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { type CommandResult, done, refused } from "../command-result.ts";
import { needsDecision } from "../describe-conflict.ts";
import { describeWallet, namesOfPreferences } from "../describe-wallet.ts";
import { examples } from "../help.ts";
import { withDevice } from "../open-device.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import { type CommandContext, runCommand } from "../run-command.ts";
import { askText } from "../terminal/ask.ts";
import { findPassword, type PasswordKind, readPassword } from "../terminal/passwords.ts";
import { withProgress } from "../terminal/progress.ts";

const authToken: PasswordKind = {
  variable: "HOLDFAST_LBRY_TOKEN",
  flag: "--token-file",
  prompt: "Auth token of the LBRY account:",
  noun: "the auth token",
  help: "read the LBRY account's auth token from FILE",
};
const syncPassword: PasswordKind = {
  variable: "HOLDFAST_LBRY_PASSWORD",
  flag: "--lbry-password-file",
  prompt: "Password of LBRY's sync:",
  noun: "the password of LBRY's sync",
  help: "read the password that LBRY's sync packs the wallet under from FILE; many have none",
};

interface MigrateOptions {
  readonly api: string;
  readonly tokenFile?: string;
  readonly lbryPasswordFile?: string;
  readonly allowPlainHttp?: true;
  readonly otherHash?: true;
  readonly yes?: true;
}

export function addMigrateLbryLegacyCommand(migrate: Command): void {
  const command = migrate
    .command("lbry-legacy")
    .summary("take over the wallet that LBRY's own sync keeps")
    .description(
      "Reads the wallet that LBRY's custodial sync API keeps for your LBRY account, shows what is in it, asks, merges it into this device's wallet and syncs. The profile must be logged in; nothing is changed at LBRY's.\n\nThe auth token is what LBRY Desktop and Odysee log in to that API with. A wallet that was synced without a password needs none here.",
    )
    .addOption(new Option("--api <url>", "the API's address").default("https://api.lbry.com"))
    .option(`${authToken.flag} <file>`, `${authToken.help} (env: ${authToken.variable})`)
    .option(`${syncPassword.flag} <file>`, `${syncPassword.help} (env: ${syncPassword.variable})`)
    .option("--other-hash", "take the wallet although its hash is not the one the API names")
    .option("--allow-plain-http", "talk plain http to an API on another machine")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      examples([
        "holdfast migrate lbry-legacy",
        "holdfast migrate lbry-legacy --token-file ./token",
      ]),
    );
  command.action((options: MigrateOptions) =>
    runCommand(command, (context) => migrateLegacy(context, options)),
  );
}

async function migrateLegacy(
  context: CommandContext,
  options: MigrateOptions,
): Promise<CommandResult> {
  const status = await withDevice(context, "Reading the profile", (device) => device.status());
  if (status.type !== "status") return refuseOutcome(status);
  if (!status.isLoggedIn) return refuseOutcome({ type: "not-logged-in" });
  const token = new Secret(await readPassword(authToken, options.tokenFile));
  const { api, allowPlainHttp = false } = options;
  const read = await withProgress("Asking LBRY's sync", () =>
    readCustodialWallet({ api, token, allowPlainHttp }),
  );
  if (read.type !== "wallet") return refuseRead(read);
  const opened = await openWallet(read.blob, options);
  if (opened.type !== "opened") return opened;
  const { wallet, password } = opened;
  const hashes = [hashWallet(wallet), hashWallet(wallet, { password })];
  if (!hashes.includes(read.hash) && options.otherHash !== true) {
    const message =
      "The wallet is not the one its hash names: it was changed on the way, or stored by a program that counts differently. Nothing was imported. --other-hash takes it nevertheless.";
    return refused("other-hash", message);
  }
  return await importWallet(context, wallet, options);
}

async function importWallet(
  context: CommandContext,
  wallet: WalletDocument,
  options: MigrateOptions,
): Promise<CommandResult> {
  const summary = inspectWallet(wallet);
  for (const line of ["LBRY's sync has this wallet:", "", ...describeWallet(summary, [], 0), ""])
    context.note(line);
  if (options.yes !== true && !(await agrees()))
    return refused("not-wanted", "Nothing was imported.");
  const text = formatWalletFile(wallet);
  const imported = await withDevice(context, "Taking the wallet over", (device) =>
    device.importWallet(text),
  );
  if (imported.type !== "imported") return refuseOutcome(imported);
  const synced = await withDevice(context, "Syncing", (device) => device.sync());
  if (synced.type !== "synced") {
    const said = describeFailure(synced);
    return refused(synced.type, `The wallet is on this device, and not yet on the host. ${said}`);
  }
  const how = imported.how === "taken" ? "is the wallet of" : "was merged into the wallet of";
  return done(
    [
      `LBRY's wallet ${how} this device, and is on the host as revision ${synced.sequence}.`,
      ...needsDecision(synced.openConflicts),
    ],
    {
      how: imported.how,
      accounts: summary.accounts.map(({ id }) => id),
      preferences: namesOfPreferences(summary),
      sequence: synced.sequence,
      conflicts: synced.openConflicts,
    },
  );
}

async function agrees(): Promise<boolean> {
  const answer = await askText("Merge it into this device's wallet? (yes or no)");
  if (answer !== undefined) return /^y(?:es)?$/iu.test(answer.trim());
  throw new CliError("usage", "Nobody can be asked here: --yes imports without a question.");
}

type Opened =
  | { readonly type: "opened"; readonly wallet: WalletDocument; readonly password: string }
  | Extract<CommandResult, { readonly type: "refused" }>;

/** LBRY's own programs pack under "" where the person never set a password, so that one is tried first. */
async function openWallet(blob: string, { lbryPasswordFile }: MigrateOptions): Promise<Opened> {
  const given = await findPassword(syncPassword, lbryPasswordFile);
  const tries = given === undefined ? [""] : ["", given];
  for (const password of tries) {
    const wallet = await unpack(blob, password);
    if (wallet !== undefined) return { type: "opened", wallet, password };
  }
  const asked = given === undefined ? await readPassword(syncPassword, undefined) : undefined;
  const wallet = asked === undefined ? undefined : await unpack(blob, asked);
  if (asked !== undefined && wallet !== undefined)
    return { type: "opened", wallet, password: asked };
  const message = "This is not the password of LBRY's sync. Nothing was imported.";
  return { type: "refused", code: "invalid-password", message };
}

/** undefined: not under this password. */
async function unpack(blob: string, password: string): Promise<WalletDocument | undefined> {
  try {
    const text = await withProgress("Decrypting the wallet", () =>
      unpackBlob(blob, password, { scrypt: nativeScrypt }),
    );
    const wallet = parseWallet(text);
    return isLocked(wallet) ? unlockWallet(wallet, password) : wallet;
  } catch (error) {
    if (error instanceof WalletError && error.code === "invalid-password") return undefined;
    throw error;
  }
}

function refuseRead(
  outcome: Exclude<CustodialOutcome, { readonly type: "wallet" }>,
): CommandResult {
  const { type } = outcome;
  const because = "detail" in outcome && outcome.detail !== "" ? ` (${outcome.detail})` : "";
  switch (outcome.type) {
    case "no-wallet":
      return refused(type, "LBRY's sync has no wallet for this account.");
    case "token-refused":
      return refused(
        type,
        `LBRY's sync does not take this auth token${because}. Log in at LBRY's again for a new one.`,
      );
    case "api-refused":
      return refused(type, `LBRY's sync refused with status ${outcome.status}${because}.`);
    case "api-malformed-answer":
      return refused(
        type,
        `The address does not answer as LBRY's sync does${because}. Check --api.`,
      );
    case "unreachable":
      return refused(type, `LBRY's sync cannot be reached${because}. Nothing was imported.`);
    case "server-refused":
      return refuseOutcome(outcome);
  }
}

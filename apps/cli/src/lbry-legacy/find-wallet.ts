/** The wallet that LBRY's custodial sync keeps, fetched, unpacked and held against its hash; nothing is changed by it. */
import { type CustodialOutcome, readCustodialWallet, Secret } from "@holdfast/client";
import { nativeScrypt } from "@holdfast/client/node";
import {
  hashWallet,
  isLocked,
  parseWallet,
  unlockWallet,
  unpackBlob,
  type WalletDocument,
  WalletError,
} from "@holdfast/wallet/lbry";
import { refused, type Refused } from "../command-result.ts";
import { refuseOutcome } from "../refuse-outcome.ts";
import { findPassword, type PasswordKind, readPassword } from "../terminal/passwords.ts";
import { withProgress } from "../terminal/progress.ts";

export const authToken: PasswordKind = {
  variable: "HOLDFAST_LBRY_TOKEN",
  flag: "--token-file",
  prompt: "Auth token of the LBRY account:",
  noun: "the auth token",
  help: "read the LBRY account's auth token from FILE",
};
export const syncPassword: PasswordKind = {
  variable: "HOLDFAST_LBRY_PASSWORD",
  flag: "--lbry-password-file",
  prompt: "Password of LBRY's sync:",
  noun: "the password of LBRY's sync",
  help: "read the password that LBRY's sync packs the wallet under from FILE; many have none",
};

export interface FindOptions {
  readonly api: string;
  readonly tokenFile?: string;
  readonly lbryPasswordFile?: string;
  readonly allowPlainHttp?: true;
  readonly otherHash?: true;
}

type Found = { readonly type: "found"; readonly wallet: WalletDocument };

export async function findWallet(options: FindOptions): Promise<Found | Refused> {
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
  return { type: "found", wallet };
}

type Opened =
  { readonly type: "opened"; readonly wallet: WalletDocument; readonly password: string } | Refused;

/** LBRY's own programs pack under "" where the person never set a password, so that one is tried first. */
async function openWallet(blob: string, { lbryPasswordFile }: FindOptions): Promise<Opened> {
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
  return refused(
    "invalid-password",
    "This is not the password of LBRY's sync. Nothing was imported.",
  );
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

function refuseRead(outcome: Exclude<CustodialOutcome, { readonly type: "wallet" }>): Refused {
  const { type } = outcome;
  const because = "detail" in outcome && outcome.detail !== "" ? ` (${outcome.detail})` : "";
  switch (outcome.type) {
    case "no-wallet":
      return refused(type, "LBRY's sync has no wallet for this account. Nothing was changed.");
    case "token-refused":
      return refused(
        type,
        `LBRY's sync does not take this auth token${because}. Nothing was changed. Log in at LBRY's again for a new one.`,
      );
    case "api-refused":
      return refused(
        type,
        `LBRY's sync refused with status ${outcome.status}${because}. Nothing was changed.`,
      );
    case "api-malformed-answer":
      return refused(
        type,
        `The address does not answer as LBRY's sync does${because}. Nothing was changed. Check --api.`,
      );
    case "unreachable":
      return refused(type, `LBRY's sync cannot be reached${because}. Nothing was changed.`);
    case "server-refused":
      return refuseOutcome(outcome);
  }
}

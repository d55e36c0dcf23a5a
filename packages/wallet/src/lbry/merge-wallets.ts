/**
 * The SDK's merge of two wallets (LBRY-21 to LBRY-23), except that it is all or nothing: where the SDK raises halfway through, this throws and both wallets
 * are what they were.
 */
import type { JsonObject } from "../json/value.ts";
import { type Account, accountIdOf, loadAccount } from "./account.ts";
import { mergeAddressGenerator } from "./address-generator.ts";
import { isNumber, objectOf, wholeNumberOf, wrongType } from "./fields.ts";
import { mergePreferences } from "./preferences.ts";
import {
  hasLockedAccount,
  type LoadedWallet,
  loadWallet,
  parseAccounts,
  parsePreferences,
  updateDocument,
  type WalletDocument,
} from "./wallet-document.ts";
import { WalletError } from "./wallet-error.ts";
import { walletLocked } from "./wallet-locked.ts";

export interface MergeOptions {
  /** The time in seconds, as Python's `time.time()`: the date of an account without one. */
  readonly now: number;
}

export interface MergeResult {
  readonly wallet: LoadedWallet;
  /** Ids of accounts that came with the remote wallet, in its order. */
  readonly addedIds: readonly string[];
  /** Ids of accounts both wallets have, in the remote wallet's order. */
  readonly mergedIds: readonly string[];
}

/**
 * The local wallet with the remote one merged into it. Fields LBRY does not know stay the local ones. Throws `wallet-locked` if the local wallet is
 * locked and `merge-refused` in all cases in which the SDK raises.
 */
export function mergeWallets(
  local: WalletDocument,
  remote: WalletDocument,
  { now }: MergeOptions,
): WalletDocument {
  const { wallet } = mergeLoadedWallets(loadWallet(local, { now }), remote, now);
  return updateDocument(local, wallet);
}

/** As `mergeWallets`, and says which accounts were new and which were known. */
export function mergeLoadedWallets(
  local: LoadedWallet,
  remote: WalletDocument,
  now: number,
): MergeResult {
  if (hasLockedAccount(local)) {
    throw walletLocked("nothing can be merged into it");
  }
  try {
    const preferences = mergePreferences(local.preferences, remotePreferences(remote));
    const accounts = [...local.accounts];
    const addedIds: string[] = [];
    const mergedIds: string[] = [];
    for (const value of parseAccounts(remote)) {
      const id = accountIdOf(value);
      const at = accounts.findIndex((account) => account.id === id);
      const known = accounts[at];
      if (known === undefined) {
        accounts.push(loadAccount(value, now));
        addedIds.push(id);
      } else {
        accounts[at] = mergeAccount(known, objectOf(value, "an account"));
        mergedIds.push(id);
      }
    }
    return { wallet: { ...local, preferences, accounts }, addedIds, mergedIds };
  } catch (error) {
    throw refused(error);
  }
}

function remotePreferences(remote: WalletDocument): JsonObject {
  if (!remote.has("preferences")) return new Map();
  return parsePreferences(objectOf(remote.get("preferences"), "its preferences"));
}

/** Name, date and generator only of a strictly newer version; certificates always, the remote one wins per id; never keys. */
function mergeAccount(local: Account, remote: JsonObject): Account {
  const certificates = new Map([...local.certificates, ...remoteCertificates(remote)]);
  const modifiedOn = remote.get("modified_on") ?? 0n;
  if (!isNumber(modifiedOn)) throw wrongType("an account's modified_on", "a number");
  // Compared with its fraction, kept without it.
  if (!(modifiedOn > local.modifiedOn)) return { ...local, certificates };
  const name = remote.get("name");
  if (typeof name !== "string") throw wrongType("an account's name", "a text");
  return {
    ...local,
    name,
    modifiedOn: wholeNumberOf(modifiedOn, "an account's modified_on"),
    generator: mergeAddressGenerator(local.generator, remote.get("address_generator")),
    certificates,
  };
}

function remoteCertificates(remote: JsonObject): JsonObject {
  if (!remote.has("certificates")) return new Map();
  return objectOf(remote.get("certificates"), "an account's list of certificates");
}

function refused(error: unknown): unknown {
  if (!(error instanceof WalletError) || error.code === "merge-refused") return error;
  const message = `The other wallet cannot be merged into this one. ${error.message}`;
  return new WalletError("merge-refused", message, { cause: error });
}

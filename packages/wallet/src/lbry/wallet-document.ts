/**
 * The whole wallet as JSON, and as the SDK holds it in memory (LBRY-12 to LBRY-16).
 *
 * A document keeps every field it was parsed with; the texts written for LBRY hold the four fields LBRY knows. Documents never
 * change: every operation returns a new one.
 */
import { formatJson } from "../json/format-json.ts";
import { type JsonLimits, parseJson } from "../json/parse-json.ts";
import type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";
import { type Account, formatAccount, loadAccount } from "./account.ts";
import { arrayOf, isNumber, objectOf, optionalText, wrongType } from "./fields.ts";
import { WalletError } from "./wallet-error.ts";

/** A wallet as parsed: `version`, `name`, `preferences`, `accounts` and whatever else was there. */
export type WalletDocument = JsonObject;

/** A wallet as the SDK loads it, defaults filled in. */
export interface LoadedWallet {
  readonly name: string | null;
  /** By key: `{value, ts}`. */
  readonly preferences: JsonObject;
  readonly accounts: readonly Account[];
}

const maxAccounts = 500;

export interface LoadOptions {
  /** Seconds since 1970: the date of an account without one; 0 if not given. */
  readonly now?: number;
}

/** A wallet of a JSON text that the SDK could load as well; throws a WalletError and never gives half a wallet. */
export function parseWallet(text: string, limits: Partial<JsonLimits> = {}): WalletDocument {
  const document = objectOf(parseJson(text, limits), "its content");
  loadWallet(document);
  return document;
}

/**
 * The same of a file that a person names as their wallet; throws `malformed-wallet` where it has neither accounts nor preferences.
 * The SDK would load any JSON object, but writes both.
 */
export function parseWalletFile(text: string): WalletDocument {
  const document = parseWallet(text);
  if (document.has("accounts") || document.has("preferences")) return document;
  throw new WalletError(
    "malformed-wallet",
    "This is JSON, but no LBRY wallet: it has neither accounts nor preferences.",
  );
}

/** Loads a document; throws `malformed-wallet`, `malformed-key`, `malformed-seed` or `unknown-ledger`. */
export function loadWallet(document: WalletDocument, { now = 0 }: LoadOptions = {}): LoadedWallet {
  const name = document.has("name") ? optionalText(document.get("name"), "its name") : "Wallet";
  const accounts = document.has("accounts") ? parseAccounts(document) : [];
  return {
    name,
    preferences: parsePreferences(document.get("preferences")),
    accounts: accounts.map((account) => loadAccount(account, now)),
  };
}

/** The list of accounts, not yet loaded: each may take 10 ms, so there is an end. Throws `malformed-wallet` or `too-large`. */
export function parseAccounts(document: WalletDocument): JsonArray {
  const accounts = arrayOf(document.get("accounts"), "its list of accounts");
  if (accounts.length <= maxAccounts) return accounts;
  throw new WalletError(
    "too-large",
    `This wallet has ${accounts.length} accounts, more than the ${maxAccounts} that are loaded. Nothing was changed.`,
  );
}

/** Preferences are checked entry by entry, since all that reads them later relies on it; throws `malformed-wallet`. */
export function parsePreferences(value: JsonValue | undefined): JsonObject {
  const preferences = objectOf(value ?? new Map(), "its preferences");
  for (const preference of preferences.values()) {
    const entry = objectOf(preference, "a preference");
    if (entry.has("ts") && !isNumber(entry.get("ts")))
      throw wrongType("a preference's ts", "a number");
  }
  return preferences;
}

/** The document the SDK would write, with nothing but what it knows. */
export function formatWallet({ name, preferences, accounts }: LoadedWallet): WalletDocument {
  return new Map<string, JsonValue>([
    ["version", 1n],
    ["name", name],
    ["preferences", preferences],
    ["accounts", accounts.map(formatAccount)],
  ]);
}

/** A document with what is loaded now, and the unknown fields of the one it was loaded from. */
export function updateDocument(document: WalletDocument, wallet: LoadedWallet): WalletDocument {
  const accounts = wallet.accounts.map(
    (account) => new Map([...account.source, ...formatAccount(account)]),
  );
  return new Map([...document, ...formatWallet(wallet), ["accounts", accounts]]);
}

/** Whether any account is encrypted, so that seeds and keys need a password first; throws as `loadWallet`. */
export function isLocked(wallet: WalletDocument): boolean {
  return hasLockedAccount(loadWallet(wallet));
}

/** The same of a loaded wallet. */
export function hasLockedAccount({ accounts }: LoadedWallet): boolean {
  return accounts.some((account) => account.isEncrypted);
}

/** The text of the SDK's wallet file: indented by 4, keys sorted by code point, no final newline. */
export function formatWalletFile(wallet: WalletDocument, options: LoadOptions = {}): string {
  return formatJson(formatWallet(loadWallet(wallet, options)), { indent: 4, sortKeys: true });
}

/** The text the SDK packs: one line, in the SDK's own order. */
export function formatWalletText(wallet: WalletDocument, options: LoadOptions = {}): string {
  return formatJson(formatWallet(loadWallet(wallet, options)));
}

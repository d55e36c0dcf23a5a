/**
 * Conflicts and retired keys in a wallet file that is encrypted on disk (MERGE-68): they may hold seeds and keys, so they are encrypted
 * there as those of accounts are.
 */
import { formatJson } from "../../json/format-json.ts";
import { parseJson } from "../../json/parse-json.ts";
import type { JsonObject } from "../../json/value.ts";
import { decryptField, encryptField } from "../disk-cipher.ts";
import { isObject } from "../fields.ts";
import type { WalletDocument } from "../wallet-document.ts";
import { WalletError } from "../wallet-error.ts";
import { notesPreference } from "./wallet-notes.ts";

/** The wallet with its notes encrypted; `initVector` gives 16 fresh random bytes. */
export function lockNotes(
  wallet: WalletDocument,
  password: string,
  initVector: () => Uint8Array,
): WalletDocument {
  const entry = entryOf(wallet);
  const notes = entry?.get("value");
  if (entry === undefined || !isObject(notes)) return wallet;
  return withEntry(
    wallet,
    new Map(entry).set("value", encryptField(formatJson(notes), password, initVector())),
  );
}

/** The wallet with its notes in clear; as it is where this password does not open them. */
export function unlockNotes(wallet: WalletDocument, password: string): WalletDocument {
  const entry = entryOf(wallet);
  const locked = entry?.get("value");
  if (entry === undefined || typeof locked !== "string") return wallet;
  try {
    const notes = parseJson(decryptField(locked, password).text);
    return withEntry(wallet, new Map(entry).set("value", notes));
  } catch (error) {
    if (error instanceof WalletError) return wallet;
    throw error;
  }
}

function entryOf(wallet: WalletDocument): JsonObject | undefined {
  const preferences = wallet.get("preferences");
  const entry = isObject(preferences) ? preferences.get(notesPreference) : undefined;
  return isObject(entry) ? entry : undefined;
}

function withEntry(wallet: WalletDocument, entry: JsonObject): WalletDocument {
  const preferences = wallet.get("preferences");
  if (!isObject(preferences)) return wallet;
  return new Map(wallet).set("preferences", new Map(preferences).set(notesPreference, entry));
}

/**
 * Conflicts and retired keys travel in a wallet under one preference (MERGE-68). Its `ts` is their weight, which never shrinks, so that the SDK takes
 * the newer of two.
 */
import type { JsonObject, JsonValue } from "../../json/value.ts";
import { plainContent } from "../../merge/create-format.ts";
import { areEmptyNotes, decodeNotes, encodeNotes, weightOfNotes } from "../../merge/sync-notes.ts";
import type { Content } from "../../merge/wallet-format.ts";
import { isObject } from "../fields.ts";
import type { WalletDocument } from "../wallet-document.ts";

export const notesPreference = "holdfast-sync";

/**
 * Takes the notes out of a wallet. Damaged ones are kept under another name, where nothing overwrites them. Throws
 * `unsupported-version` for notes of a newer Holdfast.
 */
export function takeNotes(wallet: WalletDocument): Content<WalletDocument> {
  const preferences = wallet.get("preferences");
  const entry = isObject(preferences) ? preferences.get(notesPreference) : undefined;
  if (!isObject(preferences) || entry === undefined) return plainContent(wallet);
  const value = isObject(entry) ? entry.get("value") : undefined;
  const notes = value === undefined ? undefined : decodeNotes(value);
  const rest = new Map(preferences);
  rest.delete(notesPreference);
  if (notes === undefined) rest.set(freeName(preferences), entry);
  const document = new Map(wallet).set("preferences", rest);
  return notes === undefined ? plainContent(document) : { document, ...notes };
}

function freeName(preferences: JsonObject): string {
  let name = `${notesPreference}-damaged`;
  while (preferences.has(name)) name += "-again";
  return name;
}

/** Puts the notes into a wallet, if there are any. */
export function putNotes({ document, ...notes }: Content<WalletDocument>): WalletDocument {
  const preferences = document.get("preferences");
  if (areEmptyNotes(notes) || !isObject(preferences)) return document;
  const entry = new Map<string, JsonValue>([
    ["value", encodeNotes(notes)],
    ["ts", BigInt(weightOfNotes(notes))],
  ]);
  return new Map(document).set("preferences", new Map(preferences).set(notesPreference, entry));
}

/**
 * What is inside a revision of protocol 3: a LBRY wallet's text as the SDK packs it. The revision's line travels in a preference of
 * its own, cut short, which other makers' clients carry along or drop; silence proves nothing (SYNC-6).
 */
import {
  formatWalletText,
  lbryFormat,
  parseWallet,
  putNotes,
  type JsonValue,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import type { Line } from "../engine/index.ts";

export type LbryContent = typeof lbryFormat.empty;

/** Not one of the person's preferences. */
export const linePreference = "holdfast-line";

/** A wallet that was away for longer counts as of unknown descent, which protocol 3 allows. */
const firstRevisions = 4;
const newestRevisions = 28;

export function encodeRevisionText(content: LbryContent, line: Line): string {
  return formatWalletText(withLine(putNotes(content), line));
}

/** Throws `WalletError`. */
export function decodeRevisionText(text: string): { content: LbryContent; line: Line } {
  const wallet = parseWallet(text);
  return { content: contentOfWallet(wallet), line: readLine(wallet) };
}

/** The content of any LBRY wallet, from a file or a revision; throws `WalletError`. */
export function contentOfWallet(wallet: WalletDocument): LbryContent {
  return lbryFormat.contentOf(withoutLine(wallet));
}

/** The other content under the wallet name of the first: a device keeps its wallet's own name (P3C-32). */
export function sameName({ document }: LbryContent, other: LbryContent): LbryContent {
  const name = document.get("name") ?? null;
  return { ...other, document: new Map(other.document).set("name", name) };
}

function preferencesOf(wallet: WalletDocument): ReadonlyMap<string, JsonValue> {
  const preferences = wallet.get("preferences");
  return preferences instanceof Map ? preferences : new Map<string, JsonValue>();
}

function withLine(wallet: WalletDocument, line: Line): WalletDocument {
  const kept =
    line.length <= firstRevisions + newestRevisions
      ? line
      : [...line.slice(0, firstRevisions), ...line.slice(-newestRevisions)];
  const newest = line.at(-1);
  if (newest === undefined) return wallet;
  const entry = new Map<string, JsonValue>([
    ["value", kept.map(({ sequence, hash }) => `${sequence}:${hash}`)],
    // The SDK takes the newer of two.
    ["ts", BigInt(newest.sequence)],
  ]);
  const preferences = new Map(preferencesOf(wallet)).set(linePreference, entry);
  return new Map(wallet).set("preferences", preferences);
}

function withoutLine(wallet: WalletDocument): WalletDocument {
  if (!preferencesOf(wallet).has(linePreference)) return wallet;
  const preferences = new Map(preferencesOf(wallet));
  preferences.delete(linePreference);
  return new Map(wallet).set("preferences", preferences);
}

/** What is malformed counts as not there. */
function readLine(wallet: WalletDocument): Line {
  const entry = preferencesOf(wallet).get(linePreference);
  const value = entry instanceof Map ? entry.get("value") : undefined;
  if (!Array.isArray(value) || value.length > firstRevisions + newestRevisions) return [];
  return value.flatMap((text: unknown) => {
    const [, sequence, hash] =
      (typeof text === "string" ? /^([1-9]\d{0,14}):([0-9a-f]{32}|unread)$/.exec(text) : null) ??
      [];
    return sequence === undefined || hash === undefined
      ? []
      : [{ sequence: Number(sequence), hash }];
  });
}

/**
 * Preferences: values by key, each with the second it was set (LBRY-19 to LBRY-21).
 */
import { parseJson } from "../json/parse-json.ts";
import type { JsonObject, JsonValue } from "../json/value.ts";
import { isNumber, isObject } from "./fields.ts";
import { parsePreferences, type WalletDocument } from "./wallet-document.ts";
import { WalletError } from "./wallet-error.ts";

/** A preference's value; undefined if there is none. */
export function getPreference(wallet: WalletDocument, key: string): JsonValue | undefined {
  return listPreferences(wallet).get(key);
}

/** All values by key, in the wallet's order; throws `malformed-wallet`. */
export function listPreferences(wallet: WalletDocument): ReadonlyMap<string, JsonValue> {
  const values = new Map<string, JsonValue>();
  for (const [key, entry] of parsePreferences(wallet.get("preferences"))) {
    const value = isObject(entry) ? entry.get("value") : undefined;
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

/**
 * A wallet with one preference set at `now` (seconds). Its `ts` is later than the one it replaces, even if the clock is not, so
 * that the edit wins over what it replaced wherever the two are merged.
 */
export function setPreference(
  wallet: WalletDocument,
  key: string,
  value: JsonValue,
  now: number,
): WalletDocument {
  const preferences = parsePreferences(wallet.get("preferences"));
  const replaced = preferences.get(key);
  const ts = laterThan(isObject(replaced) ? replaced.get("ts") : undefined, now);
  return new Map(wallet).set("preferences", stampPreference(preferences, key, value, ts));
}

function laterThan(replaced: JsonValue | undefined, now: number): bigint {
  const clock = BigInt(Math.floor(now));
  // An infinite or meaningless time cannot be overtaken, only replaced.
  if (!isNumber(replaced) || (typeof replaced === "number" && !Number.isFinite(replaced)))
    return clock;
  const next = BigInt(typeof replaced === "number" ? Math.floor(replaced) : replaced) + 1n;
  return next > clock ? next : clock;
}

/** One preference set at exactly `ts`; a key that was there keeps its place. */
export function stampPreference(
  preferences: JsonObject,
  key: string,
  value: JsonValue,
  ts: bigint,
): JsonObject {
  const entry = new Map<string, JsonValue>([
    ["value", value],
    ["ts", ts],
  ]);
  return new Map(preferences).set(key, entry);
}

/** What the daemon's `preference_set` makes of a text: JSON if it begins with `[` or `{`, else the text; throws `malformed-json`. */
export function parsePreferenceText(text: string): JsonValue {
  return text.startsWith("[") || text.startsWith("{") ? parseJson(text) : text;
}

/**
 * The SDK's merge: entry by entry the remote one wins unless it is older, whole values, nothing is ever deleted. Throws
 * `merge-refused` where the SDK raises, with neither side changed.
 */
export function mergePreferences(local: JsonObject, remote: JsonObject): JsonObject {
  const merged = new Map(local);
  for (const [key, entry] of remote) {
    const own = merged.get(key);
    if (own === undefined || !isOlder(entry, own)) merged.set(key, entry);
  }
  return merged;
}

function isOlder(remote: JsonValue, local: JsonValue): boolean {
  const [remoteTs, localTs] = [timestampOf(remote), timestampOf(local)];
  if (!isNumber(remoteTs) || !isNumber(localTs)) {
    throw new WalletError(
      "merge-refused",
      "A preference does not say when it was set, so the two wallets cannot be merged. Nothing was changed.",
    );
  }
  // Integers and floats compare by value, exactly, as in Python.
  return remoteTs < localTs;
}

function timestampOf(entry: JsonValue): JsonValue | undefined {
  return isObject(entry) ? entry.get("ts") : undefined;
}

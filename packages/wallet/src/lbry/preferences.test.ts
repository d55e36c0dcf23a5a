import { jsonArbitrary, readVectors, thrownCode } from "@holdfast/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatJson } from "../json/format-json.ts";
import { parseJson } from "../json/parse-json.ts";
import type { JsonObject, JsonValue } from "../json/value.ts";
import { emptyWallet } from "./create-wallet.ts";
import { objectOf } from "./fields.ts";
import {
  getPreference,
  listPreferences,
  mergePreferences,
  parsePreferenceText,
  setPreference,
} from "./preferences.ts";
import { formatWalletFile, parseWallet, type WalletDocument } from "./wallet-document.ts";

interface SetCase {
  readonly name: string;
  readonly steps: readonly {
    readonly now: number;
    readonly key: string;
    readonly value: unknown;
    readonly result_json?: string;
    readonly error?: { readonly class: string };
    readonly preferences_json: string;
  }[];
  readonly get_all_json: string;
  readonly get_one_json: string;
  readonly get_missing_json: string;
  readonly saved_file: string;
}

const cases = readVectors<SetCase>("preferences_merge", "preference_set");

/** A value as the daemon gets it over RPC. */
function received(value: unknown): JsonValue {
  return typeof value === "string" ? parsePreferenceText(value) : parseJson(JSON.stringify(value));
}

const preferencesText = (wallet: WalletDocument) => formatJson(wallet.get("preferences") ?? null);
const only = (key: string, value: JsonValue | undefined) =>
  formatJson(value === undefined ? null : new Map([[key, value]]));

describe("vectors", () => {
  it("has every case of preference_set", () => {
    expect(cases).toHaveLength(4);
    expect(cases.flatMap(({ steps }) => steps)).toHaveLength(16);
  });

  it.each(cases)("[LBRY-19] preferences are set and read as by the daemon: $name", (one) => {
    let wallet = emptyWallet();
    for (const { now, key, value, ...after } of one.steps) {
      const code = thrownCode(() => {
        wallet = setPreference(wallet, key, received(value), now);
      });
      expect(code).toBe(after.error === undefined ? "no error" : "malformed-json");
      const result = after.error === undefined ? only(key, getPreference(wallet, key)) : undefined;
      expect(result).toBe(after.result_json);
      expect(preferencesText(wallet)).toBe(after.preferences_json);
    }
    const first = one.steps[0]?.key ?? "";
    expect(formatJson(listPreferences(wallet))).toBe(one.get_all_json);
    expect(only(first, getPreference(wallet, first))).toBe(one.get_one_json);
    expect(only("missing", getPreference(wallet, "missing"))).toBe(one.get_missing_json);
    expect(formatWalletFile(wallet)).toBe(one.saved_file);
  });
});

describe("setting", () => {
  const withTs = (ts: string) => parseWallet(`{"preferences": {"a": {"value": 1, "ts": ${ts}}}}`);

  it.each([
    ["100", 200.9, "200"],
    ["200", 200.9, "201"],
    ["300", 200, "301"],
    ["300.7", 200, "301"],
    ["1e400", 200, "200"],
    ["NaN", 200, "200"],
    ["100000000000000000000", 200, "100000000000000000001"],
  ])("[LBRY-19] an entry of second %s set again at %d gets second %s", (ts, now, expected) => {
    const set = setPreference(withTs(ts), "a", "x", now);
    expect(preferencesText(set)).toBe(`{"a": {"value": "x", "ts": ${expected}}}`);
  });

  it("[LBRY-19] any value is kept exactly, and the wallet before is not touched", () => {
    fc.assert(
      fc.property(fc.string(), jsonArbitrary, fc.nat(), (key, value, now) => {
        const before = emptyWallet();
        const after = setPreference(before, key, value, now);
        expect(getPreference(after, key)).toStrictEqual(value);
        expect(formatWalletFile(parseWallet(formatWalletFile(after)))).toBe(
          formatWalletFile(after),
        );
        expect(before).toStrictEqual(emptyWallet());
      }),
    );
  });

  it("[LBRY-19] an edit wins over what it replaced, wherever the two are merged", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (then, now) => {
        const old = setPreference(emptyWallet(), "a", "old", then);
        const edited = setPreference(old, "a", "new", now);
        const [a, b] = [old, edited].map((wallet) => objectOf(wallet.get("preferences"), "it"));
        for (const merged of [mergePreferences(a!, b!), mergePreferences(b!, a!)]) {
          expect(formatJson(merged)).toBe(formatJson(b!));
        }
      }),
    );
  });
});

describe("texts", () => {
  it.each([
    ['{"x": 1.0}', '{"x": 1.0}'],
    ["[1]", "[1]"],
    ['"quoted"', '"\\"quoted\\""'],
    [" [1]", '" [1]"'],
    ["5", '"5"'],
    ["true", '"true"'],
    ["", '""'],
  ])("[LBRY-20] %j is taken as %s", (text, value) => {
    expect(formatJson(parsePreferenceText(text))).toBe(value);
  });

  it("[LBRY-20] what begins like JSON and is none is refused", () => {
    expect(thrownCode(() => parsePreferenceText("{broken"))).toBe("malformed-json");
  });
});

describe("merging", () => {
  const preferences: fc.Arbitrary<JsonObject> = fc
    .dictionary(
      fc.constantFrom("a", "b", "c", "d"),
      fc.tuple(fc.integer({ max: 5, min: 0 }), fc.nat(3)),
    )
    .map(
      (entries) =>
        new Map(
          Object.entries(entries).map(([key, [value, ts]]): [string, JsonValue] => [
            key,
            new Map([
              ["value", BigInt(value)],
              ["ts", BigInt(ts)],
            ]),
          ]),
        ),
    );

  it("[LBRY-21] merging is idempotent, keeps every key and every newest entry", () => {
    fc.assert(
      fc.property(preferences, preferences, (local, remote) => {
        const merged = mergePreferences(local, remote);
        expect(mergePreferences(merged, remote)).toStrictEqual(merged);
        expect(new Set(merged.keys())).toStrictEqual(new Set([...local.keys(), ...remote.keys()]));
        for (const [key, entry] of merged)
          expect([local.get(key), remote.get(key)]).toContain(entry);
      }),
    );
  });

  it.each([
    ['{"a": {"value": 1, "ts": 1}}', '{"a": {"value": 1}}'],
    ['{"a": {"value": 1}}', '{"a": {"value": 1, "ts": 1}}'],
    ['{"a": {"value": 1, "ts": 1}}', '{"a": {"value": 1, "ts": "2"}}'],
    ['{"a": {"value": 1, "ts": 1}}', '{"a": {"value": 1, "ts": null}}'],
    ['{"a": {"value": 1, "ts": 1}}', '{"a": 1}'],
    ['{"a": [1]}', '{"a": {"value": 1, "ts": 1}}'],
  ])("[LBRY-23] %s and %s cannot be merged", (local, remote) => {
    const [a, b] = [local, remote].map((text) => objectOf(parseJson(text), "it"));
    expect(thrownCode(() => mergePreferences(a!, b!))).toBe("merge-refused");
  });

  it("[LBRY-21] seconds are compared exactly, whatever kind of number they are", () => {
    const entry = (ts: string) =>
      objectOf(parseJson(`{"a": {"value": "${ts}", "ts": ${ts}}}`), "it");
    const exact = entry("9007199254740993");
    expect(mergePreferences(exact, entry("9007199254740992.0"))).toStrictEqual(exact);
    expect(mergePreferences(entry("10"), entry("10.0"))).toStrictEqual(entry("10.0"));
  });
});

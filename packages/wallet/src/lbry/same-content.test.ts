import { readVectors } from "@holdfast/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../json/value.ts";
import { emptyWallet } from "./create-wallet.ts";
import { isObject } from "./fields.ts";
import { sameContent } from "./same-content.ts";
import { hashWallet } from "./sync-hash.ts";
import { formatWalletFile, parseWallet } from "./wallet-document.ts";

const richFile =
  readVectors<{ name: string; wallet_file: string }>("wallet_hash").find(
    ({ name }) => name === "five accounts and preferences",
  )?.wallet_file ?? "";

/** The same value with the keys of every object in another order. */
function shuffled(value: JsonValue, random: () => number): JsonValue {
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).map((item) => shuffled(item, random));
  if (!isObject(value)) return value;
  const entries = [...value].map(([key, inner]) => ({ key, inner, rank: random() }));
  entries.sort((a, b) => a.rank - b.rank);
  return new Map(entries.map(({ key, inner }) => [key, shuffled(inner, random)]));
}

describe("comparing", () => {
  it("[LBRY-18] the order of keys, entries and accounts does not matter, although it changes the hash", () => {
    const wallet = parseWallet(richFile);
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
        const other = shuffled(wallet, () => stream.next().value ?? 0);
        expect(isObject(other) && sameContent(wallet, other)).toBe(true);
      }),
      { numRuns: 20 },
    );
    const reversed = new Map(wallet).set(
      "preferences",
      new Map([...(wallet.get("preferences") as JsonObject)].toReversed()),
    );
    expect(sameContent(wallet, reversed)).toBe(true);
    expect(hashWallet(reversed)).not.toBe(hashWallet(wallet));
  });

  it("[LBRY-18] the wallet's own name and unknown fields do not matter, because they are never synced", () => {
    const wallet = parseWallet(richFile);
    expect(sameContent(wallet, new Map(wallet).set("name", "other").set("x", 1n))).toBe(true);
  });

  it.each([
    ["a preference's value", '"value": [1.5]', '"value": [1.25]'],
    ["an integer and a float", '"ts": 3', '"ts": 3.0'],
    ["a preference's second", '"ts": 3', '"ts": 4'],
    ["a preference's name", '"z"', '"y"'],
    ["an account's name", '"Account hp14"', '"Account"'],
    ["a gap", '"gap": 20', '"gap": 21'],
    ["a certificate", "-----BEGIN", "----BEGIN"],
  ])("[LBRY-18] %s matters", (_what, part, other) => {
    expect(richFile).toContain(part);
    expect(sameContent(parseWallet(richFile), parseWallet(richFile.replace(part, other)))).toBe(
      false,
    );
  });

  it("[LBRY-18] what is saved and loaded again is the same", () => {
    const wallet = parseWallet(richFile);
    expect(sameContent(wallet, parseWallet(formatWalletFile(wallet)))).toBe(true);
    expect(sameContent(wallet, emptyWallet())).toBe(false);
  });
});

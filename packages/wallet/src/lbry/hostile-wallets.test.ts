import { readVectors, thrownCode } from "@holdfast/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatJson } from "../json/format-json.ts";
import { parseJson } from "../json/parse-json.ts";
import type { JsonValue } from "../json/value.ts";
import { isObject } from "./fields.ts";
import { inspectWallet } from "./inspect-wallet.ts";
import { mergeWallets } from "./merge-wallets.ts";
import { hashWallet } from "./sync-hash.ts";
import { formatWalletFile, isLocked, parseWallet } from "./wallet-document.ts";

const richFile =
  readVectors<{ name: string; wallet_file: string }>("wallet_hash").find(
    ({ name }) => name === "five accounts and preferences",
  )?.wallet_file ?? "";
const now = 1_700_000_000;

describe("hostile wallets", () => {
  const codes = new Set([
    "malformed-wallet",
    "malformed-key",
    "malformed-seed",
    "unknown-ledger",
    "malformed-json",
    "too-deep",
    "too-large",
  ]);
  const wrong: readonly JsonValue[] = [
    null,
    true,
    false,
    0n,
    -1n,
    1.5,
    NaN,
    Infinity,
    "",
    "x",
    [],
    [[]],
    new Map(),
    new Map([["a", 1n]]),
  ];

  /** Every path into a value: keys and indexes. */
  function pathsOf(
    value: JsonValue,
    path: readonly (string | number)[] = [],
  ): (string | number)[][] {
    const inner: (readonly [string | number, JsonValue])[] = isObject(value)
      ? [...value]
      : Array.isArray(value)
        ? [...(value as readonly JsonValue[]).entries()]
        : [];
    return [[...path], ...inner.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
  }

  function replaced(
    value: JsonValue,
    path: readonly (string | number)[],
    by: JsonValue | undefined,
  ): JsonValue | undefined {
    const [key, ...rest] = path;
    if (key === undefined) return by;
    if (isObject(value)) {
      const inner = replaced(value.get(String(key)) ?? null, rest, by);
      const copy = new Map(value);
      if (inner === undefined) copy.delete(String(key));
      else copy.set(String(key), inner);
      return copy;
    }
    return (value as readonly JsonValue[]).flatMap((item, index) => {
      const inner = index === key ? replaced(item, rest, by) : item;
      return inner === undefined ? [] : [inner];
    });
  }

  const wallet = parseWallet(richFile);
  // Keys from a seed take 10 ms each time, so the wallet that is broken in every way has none.
  const seedless = new Map(wallet).set(
    "accounts",
    (wallet.get("accounts") as readonly JsonValue[]).slice(2),
  );
  const paths = pathsOf(seedless);

  it("[LBRY-13] a wrong type or nothing at any place is a wallet after all, or a typed error that quotes no secret", () => {
    expect(paths.length).toBeGreaterThan(50);
    for (const path of paths) {
      for (const value of [undefined, ...wrong]) {
        const mutant = replaced(seedless, path, value) ?? null;
        const text = formatJson(mutant);
        const code = thrownCode(() => {
          const parsed = parseWallet(text);
          formatWalletFile(parsed);
          inspectWallet(parsed);
          if (!isLocked(parsed)) hashWallet(parsed);
        });
        expect([path, code === "no error" || codes.has(code)]).toStrictEqual([path, true]);
      }
    }
  });

  it("[LBRY-23] merging any such wallet works or is refused, and never changes the local one", () => {
    const before = formatJson(seedless);
    const ok = new Set(["no error", "merge-refused"]);
    for (const path of paths) {
      for (const value of [undefined, ...wrong]) {
        const mutant = replaced(seedless, path, value);
        if (!isObject(mutant)) continue;
        const code = thrownCode(() => mergeWallets(seedless, mutant, { now }));
        expect([path, ok.has(code)]).toStrictEqual([path, true]);
      }
    }
    expect(formatJson(seedless)).toBe(before);
  });

  it("[LBRY-32] a file cut off anywhere is not a wallet", () => {
    fc.assert(
      fc.property(fc.nat(richFile.length - 1), (length) => {
        expect(thrownCode(() => parseWallet(richFile.slice(0, length)))).toBe("malformed-json");
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    "[]",
    "1",
    "null",
    '"wallet"',
    '{"accounts": {}}',
    '{"accounts": [1]}',
    '{"preferences": []}',
    '{"preferences": {"a": 1}}',
    '{"name": 1}',
  ])("[LBRY-13] %s is not a wallet", (text) => {
    expect(thrownCode(() => parseWallet(text))).toBe("malformed-wallet");
  });

  it("[LBRY-32] 10 MB of nesting and megabytes in single fields end soon", () => {
    expect(thrownCode(() => parseWallet("[".repeat(10_000_000)))).toBe("too-deep");
    const long = "x".repeat(5_000_000);
    const withField = (name: string, value: string) =>
      `{"accounts": [{"ledger": "lbc_mainnet", "public_key": "", "${name}": "${value}"}]}`;
    expect(thrownCode(() => parseWallet(withField("ledger", long)))).toBe("unknown-ledger");
    for (const seed of [long, "a" + "\u0301\u0316".repeat(2_500_000)]) {
      expect(thrownCode(() => parseWallet(withField("seed", seed)))).toBe("malformed-seed");
    }
    expect(thrownCode(() => parseWallet(withField("private_key", long)))).toBe("malformed-key");
    expect(thrownCode(() => parseWallet(withField("public_key", long)))).toBe("malformed-key");
    const accounts = `{"ledger": "lbc_mainnet", "seed": "s"}, `.repeat(100_000);
    expect(thrownCode(() => parseWallet(`{"accounts": [${accounts}1]}`))).toBe("too-large");
    const many = parseJson(`{"accounts": [${accounts}1]}`);
    expect(thrownCode(() => isObject(many) && mergeWallets(wallet, many, { now }))).toBe(
      "merge-refused",
    );
  });

  it("[LBRY-32] parsing limits can be set", () => {
    expect(thrownCode(() => parseWallet(richFile, { maxLength: 100 }))).toBe("too-large");
    expect(parseJson(richFile)).toStrictEqual(wallet);
  });
});

import { jsonArbitrary, readVectors, thrownCode } from "@holdfast/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCodePoints } from "./code-point-order.ts";
import { formatJson } from "./format-json.ts";
import { parseJson } from "./parse-json.ts";
import { formatFloat } from "./python-float.ts";
import type { JsonValue } from "./value.ts";

/** Every text in the vectors that Python printed on one line, with where it stands. */
function printedTexts(): [place: string, text: string][] {
  const texts: [string, string][] = [];
  const visit = (value: unknown, place: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const isPrinted = key.endsWith("_json") && key !== "remote_json" && key !== "input_json";
      if (typeof inner === "string" && isPrinted) texts.push([`${place} ${key}`, inner]);
      else visit(inner, `${place} ${key}`);
    }
  };
  for (const file of ["wallet_pack", "wallet_hash", "preferences_merge", "account_dict"]) {
    for (const one of readVectors(file)) visit(one, `${file}: ${one.name}`);
  }
  return texts;
}

describe("what Python printed", () => {
  const texts = printedTexts();

  it("has all of the vectors' texts", () => {
    expect(texts).toHaveLength(309);
  });

  it.each(texts)("[LBRY-2] is written back byte for byte: %s", (_place, text) => {
    expect(formatJson(parseJson(text))).toBe(text);
  });
});

describe("round trips", () => {
  it("[LBRY-1] any value survives being written and read", () => {
    fc.assert(
      fc.property(jsonArbitrary, fc.boolean(), (value, isIndented) => {
        const text = formatJson(value, isIndented ? { indent: 4 } : {});
        expect(parseJson(text)).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it("[LBRY-2] what is written is ASCII and its indented form has the same content", () => {
    fc.assert(
      fc.property(jsonArbitrary, (value) => {
        const indented = formatJson(value, { indent: 4 });
        expect(indented).toMatch(/^[\n -~]*$/);
        expect(formatJson(parseJson(indented))).toBe(formatJson(value));
      }),
    );
  });

  it("[LBRY-1] ordinary JSON reads as JavaScript's own parser reads it", () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        expect(plain(parseJson(text))).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  it("[LBRY-4] sorting keys is idempotent and independent of their order", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.integer()), (record) => {
        const entries = Object.entries(record).map(([key, value]): [string, JsonValue] => [
          key,
          BigInt(value),
        ]);
        const forwards = formatJson(new Map(entries), { sortKeys: true });
        expect(formatJson(new Map(entries.toReversed()), { sortKeys: true })).toBe(forwards);
        expect(formatJson(parseJson(forwards), { sortKeys: true })).toBe(forwards);
      }),
    );
  });
});

describe("details", () => {
  it.each([
    ['{"a": 1, "b": 2, "a": 3}', '{"a": 3, "b": 2}'],
    [
      '{"10": 1, "9": 2, "__proto__": {"__proto__": 3}}',
      '{"10": 1, "9": 2, "__proto__": {"__proto__": 3}}',
    ],
    ["[1, 1.0, -0, -0.0, 1E5, 1e400, -1e400]", "[1, 1.0, 0, -0.0, 100000.0, Infinity, -Infinity]"],
    ["[NaN, Infinity, -Infinity]", "[NaN, Infinity, -Infinity]"],
    ["9007199254740993", "9007199254740993"],
    ['"\\ud83d \\udc00\\ud83d"', '"\\ud83d \\udc00\\ud83d"'],
    ['"\\uD83D\\uDDFC \u{1f5fc}"', '"\\ud83d\\uddfc \\ud83d\\uddfc"'],
    ['"\\u007f\u007f\\/\u00e9\\b\\f\\n\\r\\t"', '"\\u007f\\u007f/\\u00e9\\b\\f\\n\\r\\t"'],
    [" \t\r\n[ ] \n", "[]"],
  ])("[LBRY-1] %s is printed as %s", (text, printed) => {
    expect(formatJson(parseJson(text))).toBe(printed);
  });

  it.each([
    [1e15, "1000000000000000.0"],
    [9999999999999998, "9999999999999998.0"],
    [1e16, "1e+16"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1.5e-7, "1.5e-07"],
    [1e22, "1e+22"],
    [1e100, "1e+100"],
    [5e-324, "5e-324"],
    [-0, "-0.0"],
    [100, "100.0"],
    [123456.789, "123456.789"],
    [0.000123, "0.000123"],
  ])("[LBRY-3] the double %d is written %s", (value, text) => {
    expect(formatFloat(value)).toBe(text);
  });

  it("[LBRY-3] every double reads back as itself and never as an integer", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(parseJson(formatFloat(value))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it("[LBRY-4] keys are sorted by code point, not by UTF-16 unit", () => {
    const keys = ["a\u{1f600}", "a\uffee", "\ud83d\udc00", "\udc00", "\ud83d", "é", "a", "", "ab"];
    const byCodePoint = keys.toSorted((left, right) => {
      const [a, b] = [left, right].map((key) => Array.from(key, (c) => c.codePointAt(0) ?? 0));
      for (let i = 0; ; i += 1) {
        const difference = (a?.[i] ?? -1) - (b?.[i] ?? -1);
        if (difference !== 0 || a?.[i] === undefined) return difference;
      }
    });
    expect(keys.toSorted(compareCodePoints)).toStrictEqual(byCodePoint);
  });
});

describe("refusals", () => {
  it.each([
    "",
    " ",
    "{",
    "[",
    "[1",
    "[1,]",
    "[,]",
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    "{a:1}",
    "{1:1}",
    "[1 2]",
    "01",
    "-",
    "+1",
    "1.",
    ".5",
    "1e",
    "0x1",
    "nul",
    "True",
    "nan",
    "--1",
    '"',
    '"\\',
    '"\\x"',
    '"\\u12"',
    '"\\u12g4"',
    '"a\nb"',
    '"\u0000"',
    "'a'",
    "[1]]",
    "1 2",
    "\ufeff1",
    "// 1",
    "\u00a01",
    "1_000",
    "٣",
  ])("[LBRY-1] %j is not JSON", (text) => {
    expect(thrownCode(() => parseJson(text))).toBe("malformed-json");
  });

  it("[LBRY-5] nesting stops at 500 levels, both ways", () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(formatJson(parseJson(nested(500)))).toBe(nested(500));
    expect(thrownCode(() => parseJson(nested(501)))).toBe("too-deep");
    let value: JsonValue = [];
    for (let i = 0; i < 100_000; i += 1) value = [value];
    expect(thrownCode(() => formatJson(value))).toBe("too-deep");
  });

  it("[LBRY-5] an integer has at most 4300 digits, as in Python", () => {
    expect(parseJson(`-${"9".repeat(4300)}`)).toBe(-(10n ** 4300n) + 1n);
    expect(thrownCode(() => parseJson("1".repeat(4301)))).toBe("too-large");
    expect(thrownCode(() => parseJson("1".repeat(10_000_000)))).toBe("too-large");
  });

  it("[LBRY-5] 10 MB of brackets, of braces and of an unclosed string end at once", () => {
    expect(thrownCode(() => parseJson("[".repeat(10_000_000)))).toBe("too-deep");
    expect(thrownCode(() => parseJson('{"a":'.repeat(2_000_000)))).toBe("too-deep");
    expect(thrownCode(() => parseJson(`"${"a".repeat(10_000_000)}`))).toBe("malformed-json");
    expect(thrownCode(() => parseJson(`"${"\\u0041".repeat(1_600_000)}`))).toBe("malformed-json");
  });

  it("[LBRY-5] a text beyond the limit is not even looked at", () => {
    expect(thrownCode(() => parseJson("[1, 2]", { maxLength: 5 }))).toBe("too-large");
  });

  it("[LBRY-5] any text gives a value or a typed error that quotes none of it", () => {
    const pieces = fc.constantFrom(
      ...'[ ] { } : , " \\ u - + . e E 0 19 true null NaN "secret" Infinity'.split(" "),
      " ",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        expect(["no error", "malformed-json"]).toContain(
          thrownCode(() => parseJson(parts.join(""))),
        );
      }),
      { numRuns: 2000 },
    );
    expect(() => parseJson('["secret", "secret" "secret"]')).toThrow(
      /^This is not valid JSON: a comma is missing at character 20\.$/,
    );
  });
});

function plain(value: JsonValue): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, JsonValue>)];
    return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
  }
  return (value as readonly JsonValue[]).map(plain);
}

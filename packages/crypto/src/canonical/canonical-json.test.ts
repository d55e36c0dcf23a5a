import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../testing/error-code.ts";
import {
  type CanonicalValue,
  canonicalBytes,
  encodeCanonical,
  parseCanonical,
  parseCanonicalBytes,
} from "./canonical-json.ts";

const anyLength = 1_000_000;
const { tree } = fc.letrec<{ tree: CanonicalValue }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.string({ unit: "grapheme" }),
    fc.maxSafeInteger(),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: "grapheme" }), tie("tree"), { maxKeys: 4 }),
  ),
}));

describe("canonical bytes", () => {
  it("[P4C-1] the property order and the strings of RFC 8785 come out as printed there", () => {
    const sorted = encodeCanonical({
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    });
    expect(sorted).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
    expect(encodeCanonical("\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/")).toBe(
      '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
    );
  });

  it("[P4C-1] [P4C-2] whatever is written is read back as the same value", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const text = encodeCanonical(value);
        expect(parseCanonical(text, anyLength)).toEqual(value);
        expect(parseCanonicalBytes(canonicalBytes(value), anyLength)).toEqual(value);
      }),
    );
  });

  it.each([
    ["nothing", null],
    ["a truth value", true],
    ["a fraction", 0.5],
    ["an integer beyond 2^53", 2 ** 53],
    ["not a number", Number.NaN],
    ["a lone surrogate", "\ud800"],
    ["an absent value", undefined],
  ])("[P4C-1] %s has no canonical form", (_, value) => {
    expect(codeOf(() => encodeCanonical({ value: value as never }))).toBe("invalid-argument");
  });

  it.each([
    ["a space", '{"a": 1}'],
    ["a final newline", '{"a":1}\n'],
    ["unsorted keys", '{"b":1,"a":2}'],
    ["a repeated key", '{"a":1,"a":1}'],
    ["an escape that is not needed", '{"\\u0061":1}'],
    ["an upper-case escape", '"\\u001F"'],
    ["an escaped slash", '"\\/"'],
    ["an exponent", "1e3"],
    ["a fraction of zero", "1.0"],
    ["minus zero", "-0"],
    ["an integer beyond 2^53", "9007199254740993"],
    ["null", '{"a":null}'],
    ["true", "[true]"],
    ["a lone surrogate", '"\\ud800"'],
    ["a byte order mark", '\ufeff{"a":1}'],
    ["17 nested lists", `${"[".repeat(18)}${"]".repeat(18)}`],
    ["a hundred thousand nested lists", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["no JSON", "{a:1}"],
    ["nothing", ""],
  ])("[P4C-2] a text with %s is refused", (_, text) => {
    expect(codeOf(() => parseCanonical(text, anyLength))).toBe("malformed");
  });

  it("[P4C-2] any JSON text but the canonical one of its value is refused", () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(" ", "\t", 2), (value, indent) => {
        const canonical = encodeCanonical(value);
        const other = JSON.stringify(value, null, indent);
        const code = codeOf(() => parseCanonical(other, anyLength));
        expect(code).toBe(other === canonical ? "none" : "malformed");
      }),
    );
  });

  it("[P4C-2] bytes that are not UTF-8, and more bytes than allowed, are refused", () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      expect(codeOf(() => parseCanonicalBytes(Uint8Array.from(bytes), 100))).toBe("malformed");
    }
    expect(codeOf(() => parseCanonicalBytes(canonicalBytes("abc"), 4))).toBe("malformed");
    expect(codeOf(() => parseCanonical('"abc"', 4))).toBe("malformed");
  });

  it("[P4C-2] a key named __proto__ is a key like any other", () => {
    const text = '{"__proto__":{"a":1}}';
    expect(encodeCanonical(parseCanonical(text, 100))).toBe(text);
  });
});

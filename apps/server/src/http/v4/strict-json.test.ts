import fc from "fast-check";
import { expect, test } from "vitest";
import { parseStrictJson } from "./strict-json.ts";

const parse = (text: string) => parseStrictJson(Buffer.from(text));

test("[P4-3] any JSON value without names twice comes through as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each([
  ['{"a":1,"a":2}'],
  ['{"a":1,"\\u0061":2}'],
  ['{"a":{"b":1,"b":1}}'],
  ['[{"x":0},{"y":1,"y":1}]'],
  ['{"a" :1, "a"\n: 2}'],
  ["["],
  ['{"a":1'],
  ['"open'],
  ["{} {}"],
  [""],
  ["[".repeat(17) + "]".repeat(17)],
  ['{"a":'.repeat(17) + "1" + "}".repeat(17)],
])("[P4-3] what has more than one meaning, or none, is refused: %s", (text) => {
  expect(parse(text)).toBeUndefined();
});

test.each([
  ['{"a":"a","b":"a"}', { a: "a", b: "a" }],
  ['{"a":[{"a":1},{"a":2}],"b":{"a":3}}', { a: [{ a: 1 }, { a: 2 }], b: { a: 3 } }],
  ['{"a\\"":1,"a\\\\":2,"a":3}', { 'a"': 1, "a\\": 2, a: 3 }],
  ['["\\\\","\\\\\\"",":"]', ["\\", '\\"', ":"]],
])("[P4-3] names are told from values and from each other: %s", (text, value) => {
  expect(parse(text)).toEqual(value);
});

test("[P4-3] bytes that are no UTF-8 are refused, and a long text takes no time", () => {
  expect(parseStrictJson(Buffer.from([0x22, 0xff, 0x22]))).toBeUndefined();
  const long = "A".repeat(5_000_000);
  expect(parse(`{"a":"${long}"}`)).toEqual({ a: long });
  expect(parse(`{"a":"${'\\"'.repeat(100_000)}"}`)).toEqual({ a: '"'.repeat(100_000) });
});

test("[P4-3] a body of more pieces than any message has is not taken apart", () => {
  const pieces = (count: number) => `[${"1,".repeat(count)}1]`;
  expect(parse(pieces(250_000))).toHaveLength(250_001);
  expect(parse(pieces(300_000))).toBeUndefined();
  expect(parse(`[${"{},".repeat(200_000)}{}]`)).toBeUndefined();
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isEmailAddress } from "./email-address.ts";

test.each([
  "a@b.c",
  "joe+wallet@example.com",
  "joe.doe@sub.example.co.uk",
  "!#$%&'*+-/=?^_`{|}~@example.com",
  "joe@localhost",
  "jörg@exämple.de",
  "用户@例子.广告",
  "Joe@Example.COM",
  `${"a".repeat(242)}@example.com`,
])("[P3-10] %s is an address", (text) => {
  expect(isEmailAddress(text)).toBe(true);
});

test.each([
  "",
  "@",
  "joe",
  "joe@",
  "@example.com",
  "joe@@example.com",
  "joe@a@b",
  ".joe@example.com",
  "joe.@example.com",
  "jo..e@example.com",
  "joe@.example.com",
  "joe@example.com.",
  " joe@example.com",
  "joe@example.com ",
  "joe@example.com\n",
  "jo e@example.com",
  "Joe <joe@example.com>",
  "<joe@example.com>",
  '"joe"@example.com',
  "joe@example.com (Joe)",
  "joe@[127.0.0.1]",
  "joe@example.com,ann@example.com",
  "joe@exa\r\nBcc: ann@example.com",
  "jo\u0000e@example.com",
  "jo\u200be@example.com",
  "jo\u00a0e@example.com",
  "jo\u202ee@example.com",
  "jo\ud800e@example.com",
  `${"a".repeat(243)}@example.com`,
])("[P3-10] %j is no address", (text) => {
  expect(isEmailAddress(text)).toBe(false);
});

test("[P3-10] an address has no space, line break or control character", () => {
  fc.assert(
    fc.property(
      fc.emailAddress(),
      fc.nat(),
      fc.constantFrom(...' ,\t,\r,\n,\0,\u007f,<,>,(,),;,:,\\,"'.split(",")),
      (email, at, odd) => {
        const position = at % (email.length + 1);
        const spoiled = email.slice(0, position) + odd + email.slice(position);
        expect(isEmailAddress(spoiled)).toBe(false);
      },
    ),
  );
});

test("[P3-10] a long text is judged quickly", () => {
  expect(isEmailAddress("a.".repeat(50_000))).toBe(false);
  expect(isEmailAddress(`${"a".repeat(120)}@${"b.".repeat(60)}`)).toBe(false);
});

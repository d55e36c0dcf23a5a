import { expect, test } from "vitest";
import { createJsonFormat } from "../json-document/index.ts";
import { parseJson } from "../json/parse-json.ts";
import { WalletError } from "../lbry/wallet-error.ts";
import { lbryFormat } from "../lbry/index.ts";
import { joinContent, splitContent } from "./content-parts.ts";
import type { Content, WalletFormat } from "./wallet-format.ts";

/** A content with an open conflict. */
function conflicted<Document>(
  format: WalletFormat<Document>,
  [base, ours, theirs]: readonly [Content<Document>, Content<Document>, Content<Document>],
) {
  return format.merge(base, ours, theirs);
}

const json = createJsonFormat();
const note = (text: string) => json.contentOf(parseJson(text));
const jsonContent = conflicted(json, [
  note('{"a":1}'),
  note('{"a":1.0}'),
  note('{"a":12345678901234567890}'),
]);
const wallet = (name: string) =>
  lbryFormat.parse(`{"version":1,"name":"${name}","preferences":{},"accounts":[]}`);
const lbryContent = conflicted(lbryFormat, [wallet("one"), wallet("two"), wallet("three")]);

test("[P4C-52] a content comes back from its three texts as it was, with numbers that ordinary JSON would change", () => {
  expect(jsonContent.conflicts.open.length).toBeGreaterThan(0);
  expect(lbryContent.conflicts.open.length).toBeGreaterThan(0);
  expect(json.equal(throughParts(json, jsonContent), jsonContent)).toBe(true);
  expect(lbryFormat.equal(throughParts(lbryFormat, lbryContent), lbryContent)).toBe(true);
});

function throughParts<Document>(format: WalletFormat<Document>, content: Content<Document>) {
  const parts = splitContent(format, content);
  expect(format.parse(parts.document).conflicts.open).toEqual([]);
  return joinContent(format, parts);
}

test.each([
  ["damaged conflicts", "conflicts", "{}", "malformed-wallet"],
  ["damaged retired keys", "retired", '{"version":1}', "malformed-wallet"],
  [
    "conflicts of a newer version",
    "conflicts",
    '{"version":2,"open":[],"closed":[]}',
    "unsupported-version",
  ],
  [
    "retired keys of a newer version",
    "retired",
    '{"version":2,"keys":[],"destroyed":[]}',
    "unsupported-version",
  ],
])("[P4C-52] %s are refused", (_what, name, text, code) => {
  const parts = { ...splitContent(json, jsonContent), [name]: text };
  let caught: unknown;
  try {
    joinContent(json, parts);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(WalletError);
  expect((caught as WalletError).code).toBe(code);
});

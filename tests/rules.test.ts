/** Every numbered rule of our documents is quoted by the title of a test, and no title quotes a rule that does not exist. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** Rules without a test that quotes them, each with the reason. */
const unproved: ReadonlyMap<string, string> = new Map();

const rule = /[A-Z][A-Z0-9]*-\d+/u.source;

function read(pattern: string): string[] {
  const exclude = ["**/node_modules/**", "**/dist/**"];
  return globSync(pattern, { cwd: repository, exclude }).map((path) =>
    readFileSync(`${repository}/${path}`, "utf8"),
  );
}

/** `- **SYNC-1** …`, at the start of a line. */
function definedIn(texts: readonly string[]): readonly string[] {
  const definition = new RegExp(`^- \\*\\*(${rule})\\*\\*`, "gmu");
  return texts.flatMap((text) => Array.from(text.matchAll(definition), ([, name = ""]) => name));
}

/** `"[SYNC-1, SYNC-2] [MERGE-3] …"`, at the start of a title. */
function quotedIn(texts: readonly string[]): ReadonlySet<string> {
  const title = new RegExp(`["'\`]((?:\\[${rule}(?:, ${rule})*\\] ?)+)`, "gu");
  const quoted = texts.flatMap((text) =>
    Array.from(
      text.matchAll(title),
      ([, brackets = ""]) => brackets.match(new RegExp(rule, "gu")) ?? [],
    ),
  );
  return new Set(quoted.flat());
}

const defined = definedIn(read("docs/{spec,guide}/*.md"));
const quoted = quotedIn(read("{packages,apps,tests}/**/*.ts"));

test("every rule is quoted by a test", () => {
  const missing = defined.filter((name) => !quoted.has(name));
  expect(missing.toSorted()).toEqual([...unproved.keys()].toSorted());
});

test("no number names two rules", () => {
  expect(defined.filter((name, at) => defined.indexOf(name) !== at)).toEqual([]);
});

test("no test quotes a rule that does not exist", () => {
  const unknown = [...quoted].filter((name) => !defined.includes(name));
  expect(unknown.toSorted()).toEqual([]);
});

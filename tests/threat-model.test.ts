/** Every row of the threat model names tests that are there, or says that nothing protects. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(`${repository}/docs/guide/threat-model.md`, "utf8");

type Row = { readonly threat: string; readonly result: string; readonly proof: string };
type Proof = { readonly file: string; readonly title: string };

const rows: readonly Row[] = page
  .split("\n")
  .filter((line) => line.startsWith("|") && !/^\| (?:threat|-)/u.test(line))
  .map((line) => {
    const [, threat = "", , result = "", proof = ""] = line.split("|").map((cell) => cell.trim());
    return { threat, result, proof };
  });

function proofsOf({ proof }: Row): Proof[] {
  return Array.from(proof.matchAll(/`([^`]+)`: “([^”]+)”/gu), ([, file = "", title = ""]) => ({
    file,
    title,
  }));
}

/** Whether the text is one of the file's strings: a title, or what a table of acts calls the act. */
function isThere({ file, title }: Proof): boolean {
  const path = `${repository}/${file}`;
  if (!file.endsWith(".test.ts") || !existsSync(path)) return false;
  const source = readFileSync(path, "utf8");
  return [`"${title}"`, `'${title}'`, `\`${title}\``].some((quoted) => source.includes(quoted));
}

test("every test that the threat model names exists", () => {
  const proofs = rows.flatMap(proofsOf);
  expect(proofs.length).toBeGreaterThan(50);
  expect(proofs.filter((proof) => !isThere(proof))).toEqual([]);
  expect(
    isThere({ file: "tests/threat-model.test.ts", title: ["no such", "title"].join(" ") }),
  ).toBe(false);
});

test("a row without a test says that there is no protection, or nothing to protect yet", () => {
  const unproved = rows.filter((row) => proofsOf(row).length === 0);
  expect(unproved.filter(({ result }) => !/^\*\*|^not there yet$/u.test(result))).toEqual([]);
  expect(unproved.every(({ proof }) => proof === "–")).toBe(true);
  expect(unproved.length).toBeLessThan(rows.length / 5);
});

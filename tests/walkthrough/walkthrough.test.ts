import { globSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { pages } from "./page.ts";
import { testPage } from "./test-page.ts";

it("every page has its test", () => {
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const tested = globSync("*.test.ts", { cwd }).map((name) => name.replace(/\.test\.ts$/u, ".md"));
  expect(tested.toSorted()).toEqual(pages.map(({ file }) => basename(file)).toSorted());
});

testPage("walkthrough.md");

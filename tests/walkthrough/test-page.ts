import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatPage, type Happened, pages } from "./page.ts";
import { openStage, type Stage } from "./stage.ts";

/** Runs a page of docs/guide row by row, each going on where the one before it ended, and holds the page against what happened. */
export function testPage(name: string): void {
  const page = pages.find(({ file }) => file.endsWith(`/${name}`));
  if (page === undefined) throw new Error(`there is no page ${name}`);

  describe(`the page ${name}`, { concurrent: false }, () => {
    let stage: Stage;
    const happened: Happened[] = [];

    beforeAll(async () => {
      stage = await openStage();
    });
    afterAll(() => stage.close());

    it.each(page.rows)("$title", async (row) => {
      await expect(row.run(stage)).resolves.toBeUndefined();
      happened.push({ row, shown: stage.takeShown() });
    });

    it(`is what ${page.file} says; \`npm run walkthrough\` writes it anew`, () => {
      const path = fileURLToPath(new URL(`../../${page.file}`, import.meta.url));
      expect(formatPage(page, happened, stage.url)).toBe(readFileSync(path, "utf8"));
    });
  });
}

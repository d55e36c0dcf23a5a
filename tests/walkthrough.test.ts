import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatPage, type Happened, pages } from "./walkthrough/page.ts";
import { openStage, type Stage } from "./walkthrough/stage.ts";

// Each row goes on where the one before it ended.
describe.each(pages.map((page) => [page.file, page] as const))(
  "%s",
  { concurrent: false },
  (_, page) => {
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
      const path = fileURLToPath(new URL(`../${page.file}`, import.meta.url));
      expect(formatPage(page, happened, stage.url)).toBe(readFileSync(path, "utf8"));
    });
  },
);

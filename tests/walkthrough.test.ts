import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatPage, type Happened } from "./walkthrough/page.ts";
import { rows } from "./walkthrough/rows.ts";
import { openStage, type Stage } from "./walkthrough/stage.ts";

let stage: Stage;
const happened: Happened[] = [];

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

// Each row goes on where the one before it ended.
describe("the walkthrough", { concurrent: false }, () => {
  it.each(rows)("$title", async (row) => {
    await expect(row.run(stage)).resolves.toBeUndefined();
    happened.push({ row, shown: stage.takeShown() });
  });

  it("is what docs/guide/walkthrough.md says; `npm run walkthrough` writes it anew", () => {
    const page = new URL("../docs/guide/walkthrough.md", import.meta.url);
    expect(formatPage(happened, stage.url)).toBe(readFileSync(fileURLToPath(page), "utf8"));
  });
});

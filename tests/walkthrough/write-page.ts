/** `npm run walkthrough`: runs the pages of docs/guide that are runs, each against a fresh host, and writes them from what happened. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { formatPage, type Happened, type Page, pages } from "./page.ts";
import { drawPicture, pictures } from "./picture.ts";
import { openStage } from "./stage.ts";

const [only] = process.argv.slice(2);
for (const page of pages) if (only === undefined || page.file.endsWith(only)) await write(page);

async function write(page: Page): Promise<void> {
  const path = fileURLToPath(new URL(`../../${page.file}`, import.meta.url));
  const stage = await openStage();
  try {
    const happened: Happened[] = [];
    for (const row of page.rows) {
      await row.run(stage);
      const shown = stage.takeShown();
      happened.push({ row, shown });
      process.stdout.write(`\n== ${row.title}\n`);
      for (const { device, command, output } of shown) {
        process.stdout.write(`${device}$ ${command}\n${output}`);
      }
    }
    mkdirSync(dirname(path), { recursive: true });
    const text = formatPage(page, happened, stage.url);
    writeFileSync(path, text);
    for (const picture of pictures.filter((one) => one.page === page.file)) {
      const file = new URL(`../../${picture.file}`, import.meta.url);
      writeFileSync(file, drawPicture(picture, text));
    }
    process.stdout.write(`\nAll ${page.rows.length} steps hold. Wrote ${page.file}.\n`);
  } finally {
    await stage.close();
  }
}

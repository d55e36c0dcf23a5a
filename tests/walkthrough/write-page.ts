/** `npm run walkthrough`: runs the walkthrough against a fresh host and writes docs/guide/walkthrough.md from what happened. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { formatPage, type Happened } from "./page.ts";
import { rows } from "./rows.ts";
import { openStage } from "./stage.ts";

const page = fileURLToPath(new URL("../../docs/guide/walkthrough.md", import.meta.url));

const stage = await openStage();
try {
  const happened: Happened[] = [];
  for (const row of rows) {
    await row.run(stage);
    const shown = stage.takeShown();
    happened.push({ row, shown });
    process.stdout.write(`\n== ${row.title}\n`);
    for (const { device, command, output } of shown) {
      process.stdout.write(`${device}$ ${command}\n${output}`);
    }
  }
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, formatPage(happened, stage.url));
  process.stdout.write(`\nAll ${rows.length} steps hold. Wrote docs/guide/walkthrough.md.\n`);
} finally {
  await stage.close();
}

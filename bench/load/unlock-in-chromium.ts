/** Unlocking in a page of a real Chromium, timed there. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "../../tests/browser/chromium-files.ts";
import { servePage } from "../../tests/browser/serve-page.ts";
import { startChromium } from "../../tests/browser/start-chromium.ts";
import type { Insides } from "../unlock-page/page.ts";
import type { Unlocking } from "./unlocking.ts";

export type ChromiumBench = {
  /** milliseconds */
  time(way: keyof Unlocking): Promise<number>;
  close(): Promise<void>;
};

/** null: there is no Chromium for this platform. */
export async function startChromiumBench(
  person: Parameters<Insides["prepareUnlocking"]>[0],
): Promise<ChromiumBench | null> {
  const files = findChromium();
  if (files === null) return null;
  const profile = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  const server = await servePage(new URL("../unlock-page/", import.meta.url));
  const browser = await startChromium(files, profile);
  const page = await browser.context.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => "insides" in globalThis);
  await page.evaluate(async (person) => {
    const { insides } = globalThis as unknown as { insides: Insides };
    insides.unlocking = await insides.prepareUnlocking(person);
  }, person);
  return {
    time: async (way) =>
      await page.evaluate(async (way) => {
        const { insides } = globalThis as unknown as { insides: Insides };
        const begin = performance.now();
        await insides.unlocking?.[way]();
        return performance.now() - begin;
      }, way),
    async close() {
      await browser.close();
      await server.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

import { join } from "node:path";
import { createTemporaryFolder } from "@holdfast/testing";
import type { Page } from "playwright-core";
import { findChromium } from "./chromium-files.ts";
import { servePage, type PageServer } from "./serve-page.ts";
import { startChromium, type Chromium } from "./start-chromium.ts";

import type { Insides } from "./page/app.ts";

export const hasChromium =
  process.env["HOLDFAST_CHROMIUM"] !== undefined ||
  (process.platform === "linux" && process.arch === "x64");

export type BrowserRig = {
  readonly origin: string;
  /** A tab with the app on this database. */
  openTab(database: string, server?: string): Promise<Page>;
  /** A tab without. */
  openPage(): Promise<Page>;
  /** A tab with nothing in it. */
  openBlank(): Promise<Page>;
  /** Kills the browser from one instant to the next, and starts it again with what is on its disk. */
  killBrowser(): Promise<void>;
  close(): Promise<void>;
};

export async function startBrowserRig(): Promise<BrowserRig> {
  const files = findChromium();
  if (files === null) throw new Error("there is no Chromium for this platform");
  const folder = createTemporaryFolder();
  const profile = join(folder.path, "profile");
  const server: PageServer = await servePage(new URL("page/", import.meta.url));
  let browser: Chromium = await startChromium(files, profile);
  const openPage = async (): Promise<Page> => {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => (globalThis as { holdfast?: Insides }).holdfast !== undefined);
    return page;
  };
  return {
    origin: new URL(server.url).origin,
    openPage,
    openBlank: async () => await browser.context.newPage(),
    async openTab(database, host = "http://localhost:1") {
      const page = await openPage();
      await page.evaluate(
        ([database, host]) => {
          holdfast.app = holdfast.createApp(database, host);
        },
        [database, host] as const,
      );
      return page;
    },
    async killBrowser() {
      await browser.kill();
      browser = await startChromium(files, profile);
    },
    async close() {
      await browser.close();
      await server.close();
      folder.remove();
    },
  };
}

/** The page is gone as after a crash: nothing in it runs any more. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // It never answers.
  session.send("Page.crash").catch(() => undefined);
  await crashed;
}

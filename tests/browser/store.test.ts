import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hasChromium, startBrowserRig, type BrowserRig } from "./browser-rig.ts";

const open = async (page: Page) => await page.evaluate(async () => await holdfast.app.open());
const set = async (page: Page, key: string, value: string) =>
  await page.evaluate(async ([key, value]) => await holdfast.app.set(key, value), [
    key,
    value,
  ] as const);
const valueOf = async (page: Page, key: string) =>
  await page.evaluate((key) => holdfast.app.valueOf(key), key);
const glance = async (page: Page) => await page.evaluate(() => holdfast.app.glance());

describe.skipIf(!hasChromium)("IndexedDB in a real Chromium", () => {
  let rig: BrowserRig;
  const pages: Page[] = [];

  beforeAll(async () => {
    rig = await startBrowserRig();
  });
  afterAll(async () => {
    await rig.close();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
  });

  async function tab(database: string): Promise<Page> {
    const page = await rig.openTab(database);
    pages.push(page);
    return page;
  }

  it("[SYNC-1, APP-5] what is said to be saved survives a reload, and a browser that is killed at that instant", async () => {
    const before = await tab("killed");
    expect(await open(before)).toEqual({ type: "open", role: "leader" });
    expect(await set(before, "animal", "cow")).toEqual({ type: "saved" });
    await before.close();
    const reloaded = await tab("killed");
    await open(reloaded);
    expect(await valueOf(reloaded, "animal")).toBe("cow");
    expect(await set(reloaded, "animal", "horse")).toEqual({ type: "saved" });
    pages.length = 0;
    await rig.killBrowser();
    const after = await tab("killed");
    await open(after);
    expect(await valueOf(after, "animal")).toBe("horse");
  });

  it("[SYNC-1, APP-5] killed in the midst of writing: the memory is whole, with every edit that was said to be saved", async () => {
    const page = await tab("writing");
    let saved = 0;
    const enough = Promise.withResolvers<undefined>();
    await page.exposeFunction("tellSaved", (count: number) => {
      saved = count;
      if (count === 25) enough.resolve(undefined);
    });
    await open(page);
    await page.evaluate(() => {
      const { tellSaved } = globalThis as unknown as { tellSaved: (count: number) => void };
      const write = async (): Promise<void> => {
        for (let count = 1; ; count += 1) {
          const outcome = await holdfast.app.set("count", String(count));
          if (outcome.type === "saved") tellSaved(count);
        }
      };
      void write();
    });
    await enough.promise;
    pages.length = 0;
    await rig.killBrowser();
    const after = await tab("writing");
    expect(await open(after)).toEqual({ type: "open", role: "leader" });
    expect(Number(await valueOf(after, "count"))).toBeGreaterThanOrEqual(saved);
  });

  it("[P4K-5] an account that one tab used with protocol 4 is refused by protocol 3 in every other, also after a crash", async () => {
    const server = "http://localhost:1";
    const one = await tab("four");
    await one.evaluate(async (server) => {
      await holdfast.rememberUse(server, "joe@example.com");
    }, server);
    pages.length = 0;
    await rig.killBrowser();
    const other = await tab("three");
    await open(other);
    const unlock = async (email: string) =>
      await other.evaluate(
        async (email) => (await holdfast.app.unlock("password", email, "secret")).type,
        email,
      );
    expect(await unlock("Joe@example.com")).toBe("protocol-4-account");
    expect(await unlock("ann@example.com")).toBe("unreachable");
  });

  it("[APP-7] a damaged memory is reported and left as it is", async () => {
    const page = await tab("damaged");
    await open(page);
    await set(page, "animal", "cow");
    await page.evaluate(async () => await holdfast.app.close());
    const torn = await page.evaluate(async () => {
      const text = String(await holdfast.database.get("damaged", "state")).slice(0, -5);
      await holdfast.database.put("damaged", "state", text);
      return text;
    });
    expect(await open(page)).toMatchObject({ type: "damaged", detail: "it is not JSON" });
    expect((await glance(page)).sentence).toContain("It was left as it is.");
    const kept = page.evaluate(async () => await holdfast.database.get("damaged", "state"));
    expect(await kept).toBe(torn);
    await page.evaluate(async () => {
      await holdfast.database.put("damaged", "state", { not: "text" });
    });
    expect(await open(page)).toMatchObject({ type: "damaged", detail: "it is not text" });
  });

  it("[APP-7] a tab of a newer version takes the database over, and the older one says what it cannot do", async () => {
    const page = await tab("upgraded");
    await open(page);
    await set(page, "animal", "cow");
    const newer = await rig.openPage();
    pages.push(newer);
    await newer.evaluate(async () => {
      (await holdfast.database.open("upgraded", 2)).close();
    });
    expect(await set(page, "animal", "pig")).toEqual({ type: "not-saved", reason: "disk-failed" });
    const { status, isSaved } = await glance(page);
    expect([status, isSaved]).toEqual([{ type: "not-saved", reason: "disk-failed" }, false]);
    const late = await tab("upgraded");
    await page.close();
    expect(await open(late)).toMatchObject({
      type: "unusable",
      detail: "a newer version of this app has used it; reload this page",
    });
    const kept = newer.evaluate(async () => await holdfast.database.get("upgraded", "state"));
    expect(await kept).toContain("cow");
  });

  it("[APP-7] an upgrade that an older tab blocks is reported, not waited for", async () => {
    const page = await tab("blocked");
    await open(page);
    await page.evaluate(async () => await holdfast.app.close());
    const outcome = await page.evaluate(async () => {
      // An older app, which does not let go.
      holdfast.held = await holdfast.database.open("blocked");
      return await holdfast.openDeviceDatabase("blocked", {
        version: 2,
        upgrade: () => undefined,
      });
    });
    expect(outcome).toMatchObject({
      type: "unusable",
      detail: "another tab has an older version of this app open; close it, then try again",
    });
  });

  it("[APP-8] a full quota is a full disk: said in words, and saved when there is room", async () => {
    pages.length = 0;
    // Chromium looks at the quota once for a while, so it is set before anything is stored.
    await rig.killBrowser();
    const page = await tab("full");
    const session = await page.context().newCDPSession(page);
    const { origin } = rig;
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
    await open(page);
    expect(await set(page, "animal", "cow")).toEqual({ type: "saved" });
    // Chromium compresses what it stores, and looks closely only at what is large.
    const outcome = await page.evaluate(async () => {
      const parts = Array.from({ length: 50 }, () =>
        btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(60_000)))),
      );
      return await holdfast.app.set("long", parts.join(""));
    });
    expect(outcome).toEqual({ type: "not-saved", reason: "disk-full" });
    expect((await glance(page)).sentence).toContain("The disk is full");
    await session.send("Storage.overrideQuotaForOrigin", { origin });
    await page.evaluate(async () => {
      await holdfast.app.untilStatus("needs-password");
    });
    const stored = await page.evaluate(async () => await holdfast.database.get("full", "state"));
    expect(String(stored).length).toBeGreaterThan(4_000_000);
  });
});

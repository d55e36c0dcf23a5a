import { join } from "node:path";
import { describeFailure, Secret } from "@holdfast/client";
import { createNodeDevice } from "@holdfast/client/node";
import { createTemporaryFolder, startServerProcess } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { hasChromium, startBrowserRig } from "./browser-rig.ts";
import { servePage } from "./serve-page.ts";

const email = "joe@example.com";
const password = "correct horse battery staple";

describe.skipIf(!hasChromium)("the guide's page for app developers", () => {
  it("[P3C-2, P3C-8] signs up with keys from WebAssembly in a worker, alive and with progress meanwhile; Node derives the same", async () => {
    const folder = createTemporaryFolder();
    const [rig, host, example] = await Promise.all([
      startBrowserRig(),
      startServerProcess({ dataDir: join(folder.path, "host") }),
      servePage(new URL("../../docs/guide/examples/wallet-page/", import.meta.url)),
    ]);
    try {
      const page = await rig.openBlank();
      await page.goto(`${example.url}?server=${encodeURIComponent(host.url)}`);
      const sentence = page.locator("#sentence");
      await sentence.filter({ hasText: "Sign in to have this wallet" }).waitFor();
      await page.evaluate(() => {
        const seen = { turns: 0, progress: 0 };
        Object.assign(globalThis, { seen });
        setInterval(() => {
          seen.turns += 1;
        }, 20);
        const bar = document.querySelector("progress");
        new MutationObserver(() => {
          seen.progress = Math.max(seen.progress, bar?.value ?? 0);
        }).observe(document.body, { attributes: true, subtree: true });
      });
      await page.getByLabel("Name").fill("animal");
      await page.getByLabel("Value").fill("cow");
      await page.getByText("Save").click();
      await page.getByText('animal = "cow"').waitFor();
      await page.getByLabel("Address").fill(email);
      await page.getByLabel("Password").fill(password);
      await page.getByText("Sign up").click();
      const isSynced = { hasText: "Everything is saved and synced." };
      await sentence.filter(isSynced).waitFor({ timeout: 150_000 });
      const seen = await page.evaluate(
        () => (globalThis as unknown as { seen: { turns: number; progress: number } }).seen,
      );
      expect(seen.turns).toBeGreaterThan(20);
      expect(seen.progress).toBeGreaterThan(0.2);

      const device = createNodeDevice(join(folder.path, "node"));
      const account = { server: host.url, email, password: new Secret(password) };
      const login = await device.login(account);
      if (login.type !== "logged-in") throw new Error(describeFailure(login));
      expect((await device.sync()).type).toBe("synced");
      expect(await device.getPreference("animal")).toEqual({ type: "preference", value: "cow" });
      await device.setPreference("animal", "horse");
      expect((await device.sync()).type).toBe("synced");
      await page.getByText('animal = "horse"').waitFor();
    } finally {
      await rig.close();
      await example.close();
      await host.stop();
      folder.remove();
    }
  }, 240_000);
});

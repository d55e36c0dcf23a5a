import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crash, hasChromium, startBrowserRig, type BrowserRig } from "./browser-rig.ts";

const open = async (page: Page) => await page.evaluate(async () => await holdfast.app.open());
const set = async (page: Page, key: string, value: string) =>
  await page.evaluate(async ([key, value]) => await holdfast.app.set(key, value), [
    key,
    value,
  ] as const);
const valueOf = async (page: Page, key: string) =>
  await page.evaluate((key) => holdfast.app.valueOf(key), key);
const until = async (page: Page, key: string, value: string) => {
  await page.evaluate(
    async ([key, value]) => {
      await holdfast.app.until(key, value);
    },
    [key, value] as const,
  );
};
const untilLeading = async (page: Page) => {
  await page.evaluate(async () => {
    await holdfast.app.untilRole("leader");
  });
};

describe.skipIf(!hasChromium)("tabs of a real Chromium", () => {
  let rig: BrowserRig;

  beforeAll(async () => {
    rig = await startBrowserRig();
  });
  afterAll(async () => {
    await rig.close();
  });

  it("[APP-1, APP-2] one leads; the other sees what it sees, and its edits are saved by the leader", async () => {
    const [one, two] = [await rig.openTab("pair"), await rig.openTab("pair")];
    expect(await open(one)).toEqual({ type: "open", role: "leader" });
    await set(one, "a", "one");
    expect(await open(two)).toEqual({ type: "open", role: "follower" });
    expect(await valueOf(two, "a")).toBe("one");
    expect(await set(two, "b", "two")).toEqual({ type: "saved" });
    expect(await valueOf(one, "b")).toBe("two");
    const stored = two.evaluate(async () => await holdfast.database.get("pair", "state"));
    expect(await stored).toContain("two");
    await two.close();
    await one.close();
  });

  it("[APP-3] the leader's page crashes in the midst of a follower's edits: the follower leads, and none is lost", async () => {
    const [leader, follower] = [await rig.openTab("crash"), await rig.openTab("crash")];
    await open(leader);
    await open(follower);
    const begun = Promise.withResolvers<undefined>();
    let told = 0;
    await follower.exposeFunction("tellSaved", () => {
      told += 1;
      if (told === 10) begun.resolve(undefined);
    });
    const outcomes = follower.evaluate(async () => {
      const { tellSaved } = globalThis as unknown as { tellSaved: () => void };
      const edits = Array.from({ length: 40 }, async (_, count) => {
        const outcome = await holdfast.app.set(`edit ${count}`, "made");
        tellSaved();
        return outcome.type;
      });
      return await Promise.all(edits);
    });
    await begun.promise;
    await crash(leader);
    expect(new Set(await outcomes)).toEqual(new Set(["saved"]));
    await untilLeading(follower);
    const fresh = await rig.openTab("crash");
    await open(fresh);
    for (let count = 0; count < 40; count += 1)
      expect(await valueOf(fresh, `edit ${count}`)).toBe("made");
    await fresh.close();
    await follower.close();
  });

  it("[APP-3] a leader that is closed hands over at once", async () => {
    const [one, two] = [await rig.openTab("close"), await rig.openTab("close")];
    await open(one);
    await open(two);
    await one.close();
    await untilLeading(two);
    expect(await set(two, "a", "after")).toEqual({ type: "saved" });
    await two.close();
  });

  it("[APP-6] a leader whose lock was taken away cannot write over its successor; its edit goes there", async () => {
    const [old, thief] = [await rig.openTab("stolen"), await rig.openTab("stolen")];
    await open(old);
    await thief.evaluate(async () => {
      await navigator.locks.request("stolen leader", { steal: true }, () => undefined);
    });
    expect(await open(thief)).toEqual({ type: "open", role: "leader" });
    expect(await set(thief, "new", "leader")).toEqual({ type: "saved" });
    expect(await set(old, "old", "edit")).toEqual({ type: "saved" });
    expect(await old.evaluate(() => holdfast.app.glance().role)).toBe("follower");
    await until(old, "new", "leader");
    expect(await valueOf(thief, "old")).toBe("edit");
    await old.close();
    await thief.close();
  });
});

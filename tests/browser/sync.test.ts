import { join } from "node:path";
import { Secret } from "@holdfast/client";
import { createTemporaryFolder, startServerProcess } from "@holdfast/testing";
import type { ServerProcess } from "@holdfast/testing";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDevices, expectType } from "../client/test-devices.ts";
import { hasChromium, startBrowserRig, type BrowserRig } from "./browser-rig.ts";

const password = "correct horse battery staple";

const open = async (page: Page) => await page.evaluate(async () => await holdfast.app.open());
const unlock = async (page: Page, type: "password" | "sign-up", email: string, given = password) =>
  await page.evaluate(
    async ([type, email, password]) => await holdfast.app.unlock(type, email, password),
    [type, email, given] as const,
  );
const set = async (page: Page, key: string, value: string) =>
  await page.evaluate(async ([key, value]) => await holdfast.app.set(key, value), [
    key,
    value,
  ] as const);
const until = async (page: Page, key: string, value: string) => {
  await page.evaluate(
    async ([key, value]) => {
      await holdfast.app.until(key, value);
    },
    [key, value] as const,
  );
};
const untilStatus = async (page: Page, type: string) => {
  await page.evaluate(async (type) => {
    await holdfast.app.untilStatus(type);
  }, type);
};
const glance = async (page: Page) => await page.evaluate(() => holdfast.app.glance());

async function goOffline(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await setOffline(session, true);
  return session;
}

async function setOffline(session: CDPSession, offline: boolean): Promise<void> {
  const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  await session.send("Network.emulateNetworkConditions", { offline, ...unlimited });
}

describe.skipIf(!hasChromium)("pages of a real Chromium over protocol 3 and a real server", () => {
  const folder = createTemporaryFolder();
  let rig: BrowserRig;
  let server: ServerProcess;

  beforeAll(async () => {
    [rig, server] = await Promise.all([
      startBrowserRig(),
      startServerProcess({ dataDir: join(folder.path, "host") }),
    ]);
  });
  afterAll(async () => {
    await rig.close();
    await server.stop();
    folder.remove();
  });

  async function device(name: string): Promise<Page> {
    const page = await rig.openTab(name, server.url);
    await open(page);
    return page;
  }

  it("[SYNC-15, SYNC-18] two devices: signed up in one, unlocked in the other, each sees the other's edits at once", async () => {
    const email = "two@example.com";
    const one = await device("two-1");
    expect(await unlock(one, "sign-up", email)).toEqual({ type: "unlocked" });
    expect(await set(one, "animal", "cow")).toEqual({ type: "saved" });
    await untilStatus(one, "saved");
    const two = await device("two-2");
    expect(await unlock(two, "password", email, "wrong")).toMatchObject({
      type: "credentials-refused",
    });
    expect(await unlock(two, "password", email)).toEqual({ type: "unlocked" });
    await until(two, "animal", "cow");
    await set(two, "animal", "horse");
    await until(one, "animal", "horse");
    const { owner, sequence, status } = await glance(two);
    expect([owner, sequence, status.type]).toEqual([`${email} at ${server.url}`, 2, "saved"]);
    await one.close();
    await two.close();
  });

  it("[SYNC-9, SYNC-18] offline edits of both devices meet when the network is back; what only a person can decide is listed", async () => {
    const email = "offline@example.com";
    const one = await device("offline-1");
    await unlock(one, "sign-up", email);
    await set(one, "animal", "cow");
    await untilStatus(one, "saved");
    const two = await device("offline-2");
    await unlock(two, "password", email);
    const networks = [await goOffline(one), await goOffline(two)];
    await untilStatus(one, "offline");
    await untilStatus(two, "offline");
    for (const [page, name] of [
      [one, "one"],
      [two, "two"],
    ] as const) {
      expect(await set(page, `from ${name}`, "kept")).toEqual({ type: "saved" });
      expect(await set(page, "animal", `the animal of ${name}`)).toEqual({ type: "saved" });
      expect((await glance(page)).sentence).toContain("Your changes are kept on this device.");
    }
    for (const network of networks) await setOffline(network, false);
    await until(one, "from two", "kept");
    await until(two, "from one", "kept");
    for (const page of [one, two]) {
      await untilStatus(page, "needs-decision");
      expect((await glance(page)).conflicts).toBe(1);
    }
    await one.close();
    await two.close();
  });

  it("[SYNC-15, APP-9, APP-13] unlocks without the host with what the device remembers, and refuses a wrong password", async () => {
    const email = "remembered@example.com";
    const before = await device("remembered");
    await unlock(before, "sign-up", email);
    await set(before, "animal", "cow");
    await untilStatus(before, "saved");
    await before.close();
    const after = await device("remembered");
    // A worker's program comes over the network, too; an app that is to start offline has it in its cache.
    await after.evaluate(async () => {
      const nothing = new Uint8Array(1);
      await holdfast.scrypt(nothing, nothing, { N: 16, r: 8, p: 1, dkLen: 32 });
    });
    const network = await goOffline(after);
    const refused = await unlock(after, "password", email, "wrong");
    expect(refused.type).toBe("credentials-refused");
    expect(await unlock(after, "password", email)).toEqual({ type: "unlocked" });
    expect((await glance(after)).status.type).toBe("offline");
    await set(after, "animal", "horse");
    await setOffline(network, false);
    await untilStatus(after, "saved");
    expect((await glance(after)).sequence).toBe(2);
    expect(await unlock(after, "password", "another@example.com")).toEqual({
      type: "another-account",
      owner: `${email} at ${server.url}`,
    });
    await after.close();
  });

  it("[SYNC-14, APP-13] the password is changed elsewhere: the page is told at once, keeps its edits, and syncs with the new one", async () => {
    const email = "changed@example.com";
    const page = await device("changed");
    await unlock(page, "sign-up", email);
    await set(page, "animal", "cow");
    await untilStatus(page, "saved");
    const devices = await createTestDevices();
    const other = devices.open("other");
    const account = { server: server.url, email };
    expectType(await other.login({ ...account, password: new Secret(password) }), "logged-in");
    expectType(await other.pull(), "pulled");
    const newPassword = new Secret("another horse");
    expectType(await other.changePassword({ newPassword }), "password-changed");
    await untilStatus(page, "needs-password");
    expect((await glance(page)).sentence).toContain("the password was changed elsewhere");
    expect(await set(page, "animal", "horse")).toEqual({ type: "saved" });
    expect(await unlock(page, "password", email)).toMatchObject({ type: "credentials-refused" });
    expect(await unlock(page, "password", email, "another horse")).toEqual({ type: "unlocked" });
    await untilStatus(page, "saved");
    expect((await glance(page)).sequence).toBe(3);
    await devices.remove();
    await page.close();
  });

  it("[P3C-44, APP-4, APP-13] neither password nor keys are in what the page stores", async () => {
    const email = "secret@example.com";
    const page = await device("secret");
    await unlock(page, "sign-up", email);
    await set(page, "animal", "cow");
    await untilStatus(page, "saved");
    const stored = await page.evaluate(async () => {
      const [state, account] = [
        await holdfast.database.get("secret", "state"),
        await holdfast.database.get("secret", "account"),
      ];
      return { state: String(state), account: String(account) };
    });
    expect(stored.state).toContain("cow");
    expect(stored.account).toContain(email);
    expect(`${stored.state}${stored.account}`).not.toContain(password);
    expect(Object.keys(JSON.parse(stored.account) as object).toSorted()).toEqual([
      "account",
      "deviceId",
      "server",
      "signUp",
      "version",
    ]);
    await page.close();
  });
});

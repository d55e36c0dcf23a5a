/** A profile of protocol 3 becomes one of protocol 4, over the real host. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  createTestDevices,
  expectType,
  preferencesOf,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

let host: TestHost;
let devices: TestDevices;

const newPassword = "gravel umbrella cactus";

beforeEach(async () => {
  host = await startTestHost();
  devices = await createTestDevices();
});
afterEach(async () => {
  await host.close();
  await devices.remove();
});

it("[P4K-64] [P4K-65] one device upgrades, the other one joins with its edits, and both go on", async () => {
  const one = await devices.registered("one", host.url);
  const two = await devices.loggedIn("two", host.url);
  await one.setPreference("animal", "cow");
  await one.setPreference("gone", "soon");
  expectType(await one.sync(), "synced");
  expectType(await two.sync(), "synced");
  await two.setPreference("car", "Audi");
  // An edit that was never pushed goes along.
  await one.setPreference("animal", "horse");

  expectType(await one.protocol4.upgrade({ newPassword, deviceName: "one" }), "upgraded");
  expect(await one.status()).toMatchObject({ protocol: 4, isLoggedIn: true });
  expectType(await one.sync(), "synced");
  expect(await preferencesOf(one)).toEqual({ animal: "horse", gone: "soon" });
  expectType(await two.sync(), "host-refused");

  expectType(
    await two.protocol4.joinUpgraded({ password: "wrong", deviceName: "two" }),
    "login-refused",
  );
  expect(await two.status()).toMatchObject({ protocol: 3 });
  expectType(
    await two.protocol4.joinUpgraded({ password: newPassword, deviceName: "two" }),
    "logged-in",
  );
  expect(await two.sync()).toMatchObject({ type: "synced", merged: true, pushed: true });
  expect(await one.sync()).toMatchObject({ type: "synced", pulled: true });
  for (const device of [one, two])
    expect(await preferencesOf(device)).toEqual({ animal: "horse", gone: "soon", car: "Audi" });
});

it("[P4K-64] a device that died before its profile was turned goes on, with what it edited meanwhile", async () => {
  const one = await devices.registered("one", host.url);
  await one.setPreference("animal", "cow");
  expectType(await one.sync(), "synced");
  const folder = devices.folder("one");
  const texts = await Promise.all(
    ["profile.json", "state.json"].map(async (name) => await readFile(join(folder, name), "utf8")),
  );
  expectType(await one.protocol4.upgrade({ newPassword, deviceName: "one" }), "upgraded");
  // What the disk had when the host had said yes, and nothing more was written.
  const [profile = "", state = ""] = texts;
  await writeFile(join(folder, "profile.json"), profile);
  await writeFile(join(folder, "state.json"), state);
  await one.setPreference("car", "Audi");

  expect(await one.protocol4.upgrade({ newPassword: "not used", deviceName: "x" })).toMatchObject({
    type: "upgraded",
    resumed: true,
  });
  expectType(await one.sync(), "synced");
  expect(await preferencesOf(one)).toEqual({ animal: "cow", car: "Audi" });
  expect(await one.status()).toMatchObject({ protocol: 4, hasLocalChanges: false });
});

it("[P4K-65] a device that has seen a newer wallet than the upgrade was made from is told, and keeps its own", async () => {
  const one = await devices.registered("one", host.url);
  const two = await devices.loggedIn("two", host.url);
  await one.setPreference("animal", "cow");
  expectType(await one.sync(), "synced");
  expectType(await two.sync(), "synced");
  // What the other device has seen is forged here: a revision that the upgrade does not name.
  const path = join(devices.folder("two"), "state.json");
  const state = await readFile(path, "utf8");
  await writeFile(path, state.replace('"synced":{"sequence":1,', '"synced":{"sequence":7,'));
  expectType(await one.protocol4.upgrade({ newPassword, deviceName: "one" }), "upgraded");
  const joined = await two.protocol4.joinUpgraded({ password: newPassword, deviceName: "two" });
  expect(joined).toMatchObject({ type: "rollback", ours: { sequence: 7 } });
  expect(await two.status()).toMatchObject({ protocol: 3 });
  expect(await preferencesOf(two)).toEqual({ animal: "cow" });
});

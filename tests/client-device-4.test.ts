import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Device } from "@holdfast/client";
import { setPassword } from "@holdfast/client/protocol-4";
import { logInOn, registerOn } from "./client/account-4.ts";
import {
  createTestDevices,
  expectType,
  preferencesOf,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";
import { startWatching } from "./client/watching.ts";

let host: TestHost;
let devices: TestDevices;

const id = "joe@example.com";
const password = "correct horse battery staple";

beforeEach(async () => {
  host = await startTestHost();
  devices = await createTestDevices();
});
afterEach(async () => {
  await host.close();
  await devices.remove();
});

async function registered(name: string, as = id): Promise<Device> {
  const device = devices.open(name);
  const input = { id: as, password, deviceName: name };
  const outcome = await registerOn(device, { host: new URL(host.url), ...input });
  expectType(outcome, "registered");
  return device;
}

async function loggedIn(name: string, typed = password): Promise<Device> {
  const device = devices.open(name);
  const input = { id, password: typed, deviceName: name };
  const outcome = await logInOn(device, { host: new URL(host.url), ...input });
  expectType(outcome, "logged-in");
  return device;
}

describe("a device of an account of protocol 4", () => {
  it("[P4K-51] syncs a LBRY wallet with another one by the same calls as one of protocol 3", async () => {
    const one = await registered("one");
    const two = await loggedIn("two");
    expectType(await one.setPreference("animal", "cow"), "saved");
    expect(await one.push()).toMatchObject({ type: "pushed", sequence: 1 });
    expect(await two.pull()).toMatchObject({ type: "pulled", sequence: 1 });
    expectType(await one.setPreference("animal", "horse"), "saved");
    expectType(await two.setPreference("car", "Audi"), "saved");
    expect(await one.sync()).toMatchObject({ pushed: true, sequence: 2 });
    expect(await two.sync()).toMatchObject({ pulled: true, merged: true, pushed: true });
    expectType(await one.sync(), "synced");
    for (const device of [one, two])
      expect(await preferencesOf(device)).toEqual({ animal: "horse", car: "Audi" });
    expect(await one.status()).toMatchObject({
      protocol: 4,
      email: id,
      saltSeed: null,
      syncedSequence: 3,
      hasLocalChanges: false,
      isLoggedIn: true,
    });
  });

  it("[P4K-60] hears of the other's push and takes it", async () => {
    const one = await registered("one");
    const two = await loggedIn("two");
    expectType(await one.sync(), "synced");
    const watching = startWatching(two, { action: "sync" });
    await watching.next("acted");
    expectType(await one.setPreference("animal", "cow"), "saved");
    expectType(await one.sync(), "synced");
    await watching.next("notice");
    expect((await watching.next("acted")).outcome).toMatchObject({ pulled: true });
    expect(await watching.stop()).toEqual({ type: "stopped" });
    expect(await preferencesOf(two)).toEqual({ animal: "cow" });
  });

  it("[P4K-25] forgets its keys when the password was changed elsewhere, and keeps its edits", async () => {
    const one = await registered("one");
    const two = await loggedIn("two");
    expectType(await one.setPreference("animal", "cow"), "saved");
    expectType(await one.sync(), "synced");
    expectType(await two.sync(), "synced");
    expectType(await two.setPreference("car", "Audi"), "saved");
    const changed = await one.protocol4.hold(
      async ({ account }) => await setPassword(account, "another password 9"),
    );
    expectType(changed, "changed");
    expectType(await two.sync(), "credentials-refused");
    expectType(await two.sync(), "password-needed");
    expect(await preferencesOf(two)).toEqual({ animal: "cow", car: "Audi" });
  });

  it("[P3C-17] is told from one of protocol 3, and calls of the other kind change nothing", async () => {
    const four = await registered("four", "ann@example.com");
    expect(await four.login()).toEqual({ type: "other-protocol", protocol: 4 });
    const three = await devices.registered("three", host.url);
    expect(await three.protocol4.hold(async () => await Promise.resolve({ type: "held" }))).toEqual(
      {
        type: "other-protocol",
        protocol: 3,
      },
    );
    expect((await readdir(devices.folder("three"))).sort()).not.toContain("account.json");
  });
});

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Device } from "@holdfast/client";
import { createRestartableHost, type RestartableHost } from "./chaos/restartable-host.ts";
import {
  createTestDevices,
  expectType,
  preferencesOf,
  syncedSequence,
  type TestDevices,
} from "./client/test-devices.ts";

let devices: TestDevices;
let host: RestartableHost;
let one: Device;
let two: Device;

const dataDir = (): string => join(devices.root, "host");
const backup = (): string => join(devices.root, "backup");

beforeEach(async () => {
  devices = await createTestDevices();
  host = await createRestartableHost(dataDir());
  const url = await host.start();
  one = await devices.registered("one", url);
  two = await devices.loggedIn("two", url);
  await editAndSync(one, "before", "backup");
  expectType(await two.sync(), "synced");
  await host.stop();
  cpSync(dataDir(), backup(), { recursive: true });
  await host.start();
});
afterEach(async () => {
  await host.stop();
  await devices.remove();
});

async function editAndSync(device: Device, key: string, value: string): Promise<void> {
  expectType(await device.setPreference(key, value), "saved");
  expectType(await device.sync(), "synced");
}

async function restoreBackup(): Promise<void> {
  await host.stop();
  rmSync(dataDir(), { recursive: true });
  cpSync(backup(), dataDir(), { recursive: true });
  await host.start();
}

describe("a host restored from a backup", () => {
  it("[SYNC-10] is reported by every device that had seen more, and nothing of it is taken", async () => {
    await editAndSync(one, "after", "backup");
    expectType(await two.sync(), "synced");
    await restoreBackup();
    for (const device of [one, two]) {
      expect(await device.sync()).toMatchObject({ type: "host-misbehaves", fault: "rollback" });
      expect(await device.status()).toMatchObject({ hostProblem: { fault: "rollback" } });
      expect(await preferencesOf(device)).toEqual({ before: "backup", after: "backup" });
      // It stays so until a person decides.
      expect(await device.sync()).toMatchObject({ fault: "rollback" });
    }
  });

  it("[SYNC-12] shows on request what taking its wallet would mean", async () => {
    expect(await one.lookAtHost()).toEqual({ type: "no-host-problem" });
    await editAndSync(one, "after", "backup");
    await restoreBackup();
    expectType(await one.sync(), "host-misbehaves");
    const looked = expectType(await one.lookAtHost(), "looked");
    expect(looked.shows).toBe("wallet");
    expect(looked.differences).toHaveLength(1);
    expect(looked.differences[0]).toContain("after");
    expect(await preferencesOf(one)).toEqual({ before: "backup", after: "backup" });
    expectType(await one.sync(), "host-misbehaves");
  });

  it("[SYNC-13] is healed by one device, and then every device goes on with every edit", async () => {
    await editAndSync(one, "after", "backup");
    await editAndSync(one, "later", "still");
    expectType(await two.sync(), "synced");
    const seen = await syncedSequence(two);
    expectType(await two.setPreference("offline", "edit"), "saved");
    await restoreBackup();
    expectType(await one.sync(), "host-misbehaves");
    expect(await one.sync({ decision: "heal" })).toMatchObject({ type: "synced", pushed: true });
    expect(await syncedSequence(one)).toBeGreaterThan(seen);
    expectType(await two.sync(), "synced");
    expectType(await one.sync(), "synced");
    const all = { before: "backup", after: "backup", later: "still", offline: "edit" };
    for (const device of [one, two]) {
      expect(await preferencesOf(device)).toEqual(all);
      expect(await device.status()).toMatchObject({ hostProblem: null, openConflicts: 0 });
    }
  });

  it("[SYNC-13] on which another device went on: nothing of either side is lost", async () => {
    await editAndSync(one, "after", "backup");
    await restoreBackup();
    // The second device had not seen the revision that is gone, so the host looks right to it.
    await editAndSync(two, "meanwhile", "elsewhere");
    expect(await one.sync()).toMatchObject({ fault: "same-sequence-other-content" });
    expect(await one.sync({ decision: "heal" })).toMatchObject({ type: "synced", pushed: true });
    expectType(await two.sync(), "synced");
    const all = { before: "backup", after: "backup", meanwhile: "elsewhere" };
    for (const device of [one, two]) expect(await preferencesOf(device)).toEqual(all);
  });

  it("[SYNC-12] or is given this device's wallet on top of its own", async () => {
    await editAndSync(one, "after", "backup");
    await restoreBackup();
    await editAndSync(two, "meanwhile", "elsewhere");
    expectType(await one.sync(), "host-misbehaves");
    expect(await one.sync({ decision: "keep-mine" })).toMatchObject({ pushed: true });
    expectType(await two.sync(), "synced");
    for (const device of [one, two])
      expect(await preferencesOf(device)).toEqual({ before: "backup", after: "backup" });
  });
});

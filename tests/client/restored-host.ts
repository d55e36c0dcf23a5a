/** A host that came back from yesterday's backup, with two devices; the stories that are the same over both protocols. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Device } from "@holdfast/client";
import { expect } from "vitest";
import { createRestartableHost } from "../chaos/restartable-host.ts";
import { createTestDevices, expectType, preferencesOf, type TestDevices } from "./test-devices.ts";

export type RestoredHost = {
  readonly devices: TestDevices;
  readonly one: Device;
  readonly two: Device;
  readonly restoreBackup: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Two devices of one account that agree on what the backup has. */
export async function startRestoredHost(
  open: (devices: TestDevices, url: string) => Promise<readonly [Device, Device]>,
): Promise<RestoredHost> {
  const devices = await createTestDevices();
  const dataDir = join(devices.root, "host");
  const backup = join(devices.root, "backup");
  const host = await createRestartableHost(dataDir);
  const [one, two] = await open(devices, await host.start());
  await editAndSync(one, "before", "backup");
  expectType(await two.sync(), "synced");
  await host.stop();
  cpSync(dataDir, backup, { recursive: true });
  await host.start();
  return {
    devices,
    one,
    two,
    async restoreBackup() {
      await host.stop();
      rmSync(dataDir, { recursive: true });
      cpSync(backup, dataDir, { recursive: true });
      await host.start();
    },
    async close() {
      await host.stop();
      await devices.remove();
    },
  };
}

export async function editAndSync(device: Device, key: string, value: string): Promise<void> {
  expectType(await device.setPreference(key, value), "saved");
  expectType(await device.sync(), "synced");
}

type Preferences = Readonly<Record<string, unknown>>;

/** Both devices had seen what is gone; gives what they show in the end. */
export async function loseSeenRevision({
  one,
  two,
  restoreBackup,
}: RestoredHost): Promise<readonly Preferences[]> {
  await editAndSync(one, "after", "backup");
  expectType(await two.sync(), "synced");
  await restoreBackup();
  for (const device of [one, two]) {
    expect(await device.sync()).toMatchObject({ type: "host-misbehaves", fault: "rollback" });
    expect(await device.status()).toMatchObject({ hostProblem: { fault: "rollback" } });
    // It stays so until a person decides.
    expect(await device.sync()).toMatchObject({ fault: "rollback" });
  }
  return [await preferencesOf(one), await preferencesOf(two)];
}

/** The second device had not seen the revision that is gone, so the host looks right to it; gives what both show in the end. */
export async function healForkedHost(
  { one, two, restoreBackup }: RestoredHost,
  reported: Readonly<Record<string, string>>,
): Promise<readonly Preferences[]> {
  await editAndSync(one, "after", "backup");
  await restoreBackup();
  await editAndSync(two, "meanwhile", "elsewhere");
  expect(await one.sync()).toMatchObject(reported);
  expect(await one.sync({ decision: "heal" })).toMatchObject({ type: "synced", pushed: true });
  expectType(await two.sync(), "synced");
  return [await preferencesOf(one), await preferencesOf(two)];
}

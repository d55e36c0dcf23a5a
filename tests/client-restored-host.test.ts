import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Device } from "@holdfast/client";
import {
  editAndSync,
  healForkedHost,
  loseSeenRevision,
  type RestoredHost,
  startRestoredHost,
} from "./client/restored-host.ts";
import { expectType, preferencesOf, syncedSequence } from "./client/test-devices.ts";

let host: RestoredHost;
let one: Device;
let two: Device;
let restoreBackup: RestoredHost["restoreBackup"];

beforeEach(async () => {
  host = await startRestoredHost(async (devices, url) => [
    await devices.registered("one", url),
    await devices.loggedIn("two", url),
  ]);
  ({ one, two, restoreBackup } = host);
});
afterEach(async () => {
  await host.close();
});

describe("a host restored from a backup", () => {
  it("[SYNC-10] is reported by every device that had seen more, and nothing of it is taken", async () => {
    const all = { before: "backup", after: "backup" };
    expect(await loseSeenRevision(host)).toEqual([all, all]);
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
    const all = { before: "backup", after: "backup", meanwhile: "elsewhere" };
    expect(await healForkedHost(host, { fault: "same-sequence-other-content" })).toEqual([
      all,
      all,
    ]);
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

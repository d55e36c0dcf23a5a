/** A host of protocol 4 that came back from yesterday's backup, and devices as people have them: profiles, and `sync`. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Device } from "@holdfast/client";
import {
  createWallet,
  fingerprintsOf,
  type HeldAccount,
  listHistory,
  setPassword,
} from "@holdfast/client/protocol-4";
import { logInOn, registerOn } from "./client/account-4.ts";
import {
  editAndSync,
  healForkedHost,
  loseSeenRevision,
  type RestoredHost,
  startRestoredHost,
} from "./client/restored-host.ts";
import {
  expectType,
  preferencesOf,
  syncedSequence,
  type TestDevices,
} from "./client/test-devices.ts";

const id = "joe@example.com";
const password = "correct horse battery staple";
let host: RestoredHost;
let url: URL;
let one: Device;
let two: Device;
let restoreBackup: RestoredHost["restoreBackup"];

beforeEach(async () => {
  host = await startRestoredHost(async (devices, address) => {
    url = new URL(address);
    const first = devices.open("one");
    const registered = await registerOn(first, { host: url, id, password, deviceName: "one" });
    expectType(registered, "registered");
    return [first, await loggedIn(devices, "two", password)];
  });
  ({ one, two, restoreBackup } = host);
});
afterEach(async () => {
  await host.close();
});

async function loggedIn(devices: TestDevices, name: string, typed: string): Promise<Device> {
  const device = devices.open(name);
  const outcome = await logInOn(device, { host: url, id, password: typed, deviceName: name });
  expectType(outcome, "logged-in");
  return device;
}

async function held<Outcome extends { readonly type: string }>(
  device: Device,
  work: (account: HeldAccount) => Promise<Outcome>,
): Promise<Outcome> {
  return (await device.protocol4.hold(async ({ account }) => await work(account))) as Outcome;
}

async function viewOf(device: Device): Promise<string> {
  const seen = await held(device, async (account) =>
    Promise.resolve({ type: "view", code: fingerprintsOf(account).view.code }),
  );
  return seen.code;
}

describe("a host of protocol 4 restored from a backup", () => {
  it("[SYNC-10] [P4K-20] is reported by every device that had seen more, and nothing of it is taken", async () => {
    const all = { before: "backup", after: "backup" };
    expect(await loseSeenRevision(host)).toEqual([all, all]);
  });

  it("[SYNC-13] [P4K-59] gets states, headers and the newest body back from one device, and then every device goes on without a fork", async () => {
    await editAndSync(one, "after", "backup");
    await held(one, async (account) =>
      expectType(await createWallet(account, "savings"), "created"),
    );
    await editAndSync(one, "later", "still");
    expectType(await two.sync(), "synced");
    const seen = await syncedSequence(two);
    const view = await viewOf(two);
    expectType(await two.setPreference("offline", "edit"), "saved");
    await restoreBackup();
    for (const device of [one, two])
      expect(await device.sync()).toMatchObject({ type: "host-misbehaves", fault: "rollback" });
    expect(await one.sync({ decision: "heal" })).toMatchObject({
      type: "synced",
      sequence: seen,
      pushed: false,
    });
    // The very revisions and states that were lost, not new ones in their place.
    expect(await viewOf(one)).toBe(view);
    const history = await held(one, async (account) =>
      expectType(await listHistory(account, "default" as never), "history"),
    );
    expect(history.entries.map(({ sequence }) => sequence)).toContain(seen);
    expect(await two.sync()).toMatchObject({ type: "synced", pushed: true, sequence: seen + 1 });
    expectType(await one.sync(), "synced");
    const all = { before: "backup", after: "backup", later: "still", offline: "edit" };
    for (const device of [one, two, await loggedIn(host.devices, "new", password)]) {
      expectType(await device.sync(), "synced");
      expect(await preferencesOf(device)).toEqual(all);
      expect(await device.status()).toMatchObject({ hostProblem: null, openConflicts: 0 });
    }
  });

  it("[SYNC-13] on which another device went on: nothing of either side is lost", async () => {
    const all = { before: "backup", after: "backup", meanwhile: "elsewhere" };
    expect(await healForkedHost(host, { type: "host-misbehaves" })).toEqual([all, all]);
  });

  it("[SYNC-12] is healed by bringing both together where the account on the device began anew and has nothing to give", async () => {
    await editAndSync(one, "after", "backup");
    await restoreBackup();
    await one.protocol4.hold(async (account) => {
      await account.forget();
      return { type: "forgotten" };
    });
    one = await loggedIn(host.devices, "one", password);
    expect(await one.sync()).toMatchObject({ type: "host-misbehaves", fault: "rollback" });
    expect(await one.sync({ decision: "heal" })).toMatchObject({ type: "synced", pushed: true });
    expectType(await two.sync(), "synced");
    for (const device of [one, two])
      expect(await preferencesOf(device)).toEqual({ before: "backup", after: "backup" });
  });

  it("[P4K-59] that lost a new password says so, and takes it again from a device that knows it", async () => {
    await held(one, async (account) =>
      expectType(await setPassword(account, "another horse"), "changed"),
    );
    await editAndSync(one, "after", "backup");
    await restoreBackup();
    expectType(await one.sync(), "host-misbehaves");
    expect(await one.sync({ decision: "heal" })).toEqual({
      type: "healing-needs",
      what: "password",
      wasRefused: false,
    });
    expect(await preferencesOf(one)).toEqual({ before: "backup", after: "backup" });
    const healing = { password: "another horse" };
    expectType(await one.sync({ decision: "heal", healing }), "synced");
    const fresh = await loggedIn(host.devices, "new", "another horse");
    expectType(await fresh.sync(), "synced");
    expect(await preferencesOf(fresh)).toEqual({ before: "backup", after: "backup" });
  });
});

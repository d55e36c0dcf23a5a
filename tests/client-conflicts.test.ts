import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Device } from "@holdfast/client";
import { notesPreference, parseJson, sameContent, type JsonValue } from "@holdfast/wallet/lbry";
import { pushCarelessly } from "./client/other-client.ts";
import {
  createTestDevices,
  expectType,
  preferencesOf,
  syncedSequence,
  walletOf,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

let host: TestHost;
let devices: TestDevices;
let one: Device;
let two: Device;

beforeEach(async () => {
  host = await startTestHost();
  devices = await createTestDevices();
  one = await devices.registered("one", host.url, {
    walletPath: await devices.walletFile("test_wallet_1"),
  });
  two = await devices.loggedIn("two", host.url);
  expectType(await one.setPreference("theme", "dark"), "saved");
  await syncBoth();
});
afterEach(async () => {
  await host.close();
  await devices.remove();
});

async function syncBoth(): Promise<void> {
  expectType(await one.sync(), "synced");
  expectType(await two.sync(), "synced");
}

async function conflictsOf(device: Device) {
  return expectType(await device.listConflicts(), "conflicts").conflicts;
}

/** Both devices give one preference another value each, and one of them has met the other's. */
async function disagree(): Promise<void> {
  expectType(await one.setPreference("theme", "light"), "saved");
  expectType(await two.setPreference("theme", "blue"), "saved");
  expectType(await one.sync(), "synced");
}

describe("two devices that change a wallet while offline", () => {
  it("[P3C-32] subscribe to different channels, one also unsubscribes: all of it holds, which LBRY's own rules lose", async () => {
    const subscribe = async (device: Device, ...subscriptions: string[]) => {
      const shared = parseJson(JSON.stringify({ type: "object", value: { subscriptions } }));
      expectType(await device.setPreference("shared", shared), "saved");
    };
    await subscribe(one, "lbry://@cooking#1", "lbry://@news#2");
    await syncBoth();
    await subscribe(one, "lbry://@cooking#1", "lbry://@news#2", "lbry://@music#3");
    await subscribe(two, "lbry://@cooking#1", "lbry://@games#4");
    await syncBoth();
    await syncBoth();
    for (const device of [one, two]) {
      const { shared } = await preferencesOf(device);
      const value = (shared as Map<string, Map<string, string[]>>).get("value");
      expect(value?.get("subscriptions")?.toSorted()).toEqual([
        "lbry://@cooking#1",
        "lbry://@games#4",
        "lbry://@music#3",
      ]);
      expect(await conflictsOf(device)).toEqual([]);
    }
  });

  it("[P3C-33] are silent once both have everything, open conflict or not", async () => {
    await disagree();
    await syncBoth();
    await syncBoth();
    const sequence = await syncedSequence(one);
    for (const device of [two, one, two, one]) {
      expect(await device.sync()).toMatchObject({ sequence, pushed: false, openConflicts: 1 });
    }
    expect(sameContent(await walletOf(one), await walletOf(two))).toBe(true);
  });
});

describe("a conflict", () => {
  it("[P3C-48] is counted by pull, sync and status, and told in plain words on every device alike", async () => {
    await disagree();
    expect(await two.pull()).toMatchObject({ how: "merged", openConflicts: 1 });
    expect(await two.pull()).toMatchObject({ type: "up-to-date", openConflicts: 1 });
    expect(await two.sync()).toMatchObject({ pushed: true, openConflicts: 1 });
    expect(await one.sync()).toMatchObject({ pulled: true, openConflicts: 1 });
    expect(await one.status()).toMatchObject({ openConflicts: 1 });
    const [conflict, ...others] = await conflictsOf(one);
    expect(others).toEqual([]);
    expect(conflict).toMatchObject({
      description:
        'Two devices changed the preference "theme": one to "blue", the other to "light". For now it is "blue".',
      isSecret: false,
      sides: [
        { choice: "first", value: "blue", isShown: true, effect: [] },
        {
          choice: "second",
          value: "light",
          isShown: false,
          effect: ['The preference "theme" changed from "blue" to "light".'],
        },
      ],
    });
    expect(await conflictsOf(two)).toEqual([conflict]);
    expect(await preferencesOf(one)).toEqual({ theme: "blue" });
  });

  it("[P3C-48] is decided on one device, durably and like any other edit, and is gone on both", async () => {
    await disagree();
    await syncBoth();
    await syncBoth();
    const [conflict] = await conflictsOf(one);
    const { id } = conflict!;
    const resolved = { type: "resolved", openConflicts: 0, hasLocalChanges: true };
    expect(await one.resolveConflict(id, "second")).toEqual(resolved);
    expect(await devices.open("one").status()).toMatchObject({
      hasLocalChanges: true,
      openConflicts: 0,
    });
    expect(await one.resolveConflict(id, "second")).toEqual({ type: "unknown-conflict" });
    await syncBoth();
    expect(await conflictsOf(two)).toEqual([]);
    expect(await preferencesOf(two)).toEqual({ theme: "light" });
    expect(await two.status()).toMatchObject({ hasLocalChanges: false, openConflicts: 0 });
  });

  it("[P3C-48] that both devices decide at once ends with one answer on both", async () => {
    await disagree();
    await syncBoth();
    await syncBoth();
    const [conflict] = await conflictsOf(one);
    expectType(await one.resolveConflict(conflict!.id, "first"), "resolved");
    expectType(await two.resolveConflict(conflict!.id, "shown"), "resolved");
    await syncBoth();
    await syncBoth();
    expect(await preferencesOf(one)).toEqual({ theme: "blue" });
    expect(await preferencesOf(two)).toEqual({ theme: "blue" });
    expect([await conflictsOf(one), await conflictsOf(two)]).toEqual([[], []]);
  });

  it("[P3C-48] survives a device that overwrites the wallet without it", async () => {
    await disagree();
    await syncBoth();
    await syncBoth();
    await pushCarelessly(devices, "two", host.url, (wallet) => {
      const preferences = new Map(wallet.get("preferences") as ReadonlyMap<string, JsonValue>);
      preferences.delete(notesPreference);
      return new Map(wallet).set("preferences", preferences);
    });
    expect(await one.sync()).toMatchObject({ merged: true, pushed: true, openConflicts: 1 });
    expect(await two.sync()).toMatchObject({ pulled: true, openConflicts: 1 });
  });
});

describe("the preference that holds conflicts", () => {
  it("[P3C-49] is not among the person's preferences, cannot be set, and hides nothing from an export", async () => {
    await disagree();
    expectType(await two.sync(), "synced");
    expect(await preferencesOf(two)).toEqual({ theme: "blue" });
    const reserved = { type: "reserved-preference", key: notesPreference };
    expect(await two.getPreference(notesPreference)).toEqual(reserved);
    expect(await two.setPreference(notesPreference, "mine")).toEqual(reserved);
    expect(await two.status()).toMatchObject({ hasLocalChanges: false, openConflicts: 1 });
    expect(expectType(await two.exportWallet(), "exported").text).toContain(notesPreference);
  });

  it("[P3C-49] of a newer Holdfast is left alone, with its wallet", async () => {
    const path = `${devices.root}/test_wallet_1`;
    const wallet = JSON.parse(await readFile(path, "utf8")) as {
      preferences: Record<string, unknown>;
    };
    wallet.preferences[notesPreference] = { value: { version: 2 }, ts: 5 };
    const text = JSON.stringify(wallet);
    expect(await two.importWallet(text)).toMatchObject({ type: "wallet-refused" });
    await writeFile(path, text);
    expect(await one.push()).toMatchObject({
      type: "local-wallet-unusable",
      reason: "newer-version",
    });
    expect(await readFile(path, "utf8")).toBe(text);
  });
});

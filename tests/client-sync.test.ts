import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  emptyWallet,
  formatWalletFile,
  notesPreference,
  sameContent,
  setPreference,
  type JsonValue,
} from "@holdfast/wallet/lbry";
import { pushCarelessly } from "./client/other-client.ts";
import { startRelay, type Relay } from "./client/relay.ts";
import {
  accountIdsOf,
  createTestDevices,
  expectType,
  newWallet,
  preferencesOf,
  readState,
  syncedSequence,
  walletOf,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

let host: TestHost;
let relay: Relay;
let devices: TestDevices;

beforeEach(async () => {
  host = await startTestHost();
  relay = await startRelay(host.url);
  devices = await createTestDevices();
});
afterEach(async () => {
  await relay.close();
  await host.close();
  await devices.remove();
});

async function twoDevices() {
  const one = await devices.registered("one", relay.url, {
    walletPath: await devices.walletFile("test_wallet_1"),
  });
  const two = await devices.loggedIn("two", relay.url, {
    walletPath: await devices.walletFile("test_wallet_2"),
  });
  return { one, two };
}

/** Both hold the same revision. */
async function twoInSync() {
  const { one, two } = await twoDevices();
  expectType(await one.sync(), "synced");
  expectType(await two.sync(), "synced");
  expectType(await one.sync(), "synced");
  return { one, two, sequence: await syncedSequence(one) };
}

describe("pushing", () => {
  it("[P3C-24] the first push is revision 1, and each further one counts on, changed or not", async () => {
    const { one } = await twoDevices();
    expect(await one.push()).toEqual({ type: "pushed", sequence: 1, recovered: false });
    expect(await one.push()).toEqual({ type: "pushed", sequence: 2, recovered: false });
  });

  it("[P3C-24] what is sent is durable before it is sent", async () => {
    const { one } = await twoDevices();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    relay.trick("POST /api/3/wallet", { type: "delay", until: promise });
    const arrived = relay.hear("POST /api/3/wallet");
    const pushing = one.push();
    await arrived;
    const { inFlight } = (await readState(devices, "one")).record;
    resolve(undefined);
    expectType(await pushing, "pushed");
    const { sequence, ...payload } = sentWallet(relay, 0);
    expect(inFlight).toMatchObject({ revision: { sequence, payload } });
  });

  it("[P3C-25] after a lost answer the push is recognised on the host and not sent again", async () => {
    const { one } = await twoDevices();
    relay.trick("POST /api/3/wallet", { type: "lose-answer" });
    expectType(await one.push(), "unreachable");
    expect(expectType(await one.status(), "status").inFlightSequence).toBe(1);
    expect(await one.push()).toEqual({ type: "pushed", sequence: 1, recovered: true });
    expect(
      relay.seen.filter(({ method, url }) => `${method} ${url}` === "POST /api/3/wallet"),
    ).toHaveLength(1);
  });

  it("[P3C-25] after a lost request the same bytes are sent again", async () => {
    const { one } = await twoDevices();
    relay.trick("POST /api/3/wallet", { type: "lose-request" });
    expectType(await one.push(), "unreachable");
    expect(await one.push()).toEqual({ type: "pushed", sequence: 1, recovered: true });
    expect(sentWallet(relay, 1)).toEqual(sentWallet(relay, 0));
  });

  it("[P3C-25] edits made after a lost answer follow as the next revision", async () => {
    const { one, two } = await twoDevices();
    relay.trick("POST /api/3/wallet", { type: "lose-answer" });
    expectType(await one.push(), "unreachable");
    expectType(await one.setPreference("animal", "cow"), "saved");
    expect(await one.push()).toMatchObject({ type: "pushed", sequence: 2 });
    expectType(await two.pull(), "pulled");
    expect(await preferencesOf(two)).toMatchObject({ animal: "cow" });
  });

  it("[P3C-25] a pull recognises the device's own revision after a lost answer", async () => {
    const { one } = await twoDevices();
    relay.trick("POST /api/3/wallet", { type: "lose-answer" });
    expectType(await one.push(), "unreachable");
    expect(await one.pull()).toEqual({
      type: "up-to-date",
      sequence: 1,
      hasLocalChanges: false,
      openConflicts: 0,
    });
    expect(expectType(await one.status(), "status").inFlightSequence).toBeNull();
  });

  it("[P3C-25] a push that got lost while another device went on is merged, and nothing is lost", async () => {
    const { one, two, sequence } = await twoInSync();
    expectType(await one.setPreference("one", "1"), "saved");
    relay.trick("POST /api/3/wallet", { type: "lose-answer" });
    expectType(await one.push(), "unreachable");
    expectType(await two.pull(), "pulled");
    expectType(await two.setPreference("two", "2"), "saved");
    expect(await two.push()).toMatchObject({ type: "pushed", sequence: sequence + 2 });
    expectType(await one.sync(), "synced");
    expect(await preferencesOf(one)).toMatchObject({ one: "1", two: "2" });
    expectType(await two.sync(), "synced");
    expect(sameContent(await walletOf(one), await walletOf(two))).toBe(true);
  });

  it("[P3C-26] an outdated push is refused and changes nothing", async () => {
    const { one, two, sequence } = await twoInSync();
    expectType(await two.setPreference("animal", "beaver"), "saved");
    expectType(await two.push(), "pushed");
    expectType(await one.setPreference("car", "Toyota"), "saved");
    const before = await walletOf(one);
    expect(await one.push()).toEqual({ type: "out-of-date", remoteSequence: sequence + 1 });
    expect(await walletOf(one)).toEqual(before);
    expect(await syncedSequence(one)).toBe(sequence);
    expect(expectType(await one.status(), "status").inFlightSequence).toBeNull();
  });

  it("[P3C-26] a host that refuses without showing the newest wallet is asked for it", async () => {
    const { one, two, sequence } = await twoInSync();
    expectType(await two.push(), "pushed");
    relay.trick("POST /api/3/wallet", {
      type: "change",
      change: ({ status }) => ({ status, body: { error: "Conflict: Bad sequence number" } }),
    });
    expect(await one.push()).toEqual({ type: "out-of-date", remoteSequence: sequence + 1 });
  });

  it("[P3C-34] a wallet too large for the host is named, kept, and no longer in flight", async () => {
    const { one } = await twoDevices();
    const noise = Array.from({ length: 4000 }, () => crypto.randomUUID()).join("");
    expectType(await one.setPreference("noise", noise), "saved");
    const { bytes } = expectType(await one.push(), "wallet-too-large");
    expect(bytes).toBeGreaterThan(100_000);
    expect(await preferencesOf(one)).toEqual({ noise });
    expect(expectType(await one.status(), "status").inFlightSequence).toBeNull();
    expectType(await one.setPreference("noise", ""), "saved");
    expectType(await one.push(), "pushed");
  });
});

describe("pulling", () => {
  it("[P3C-30] without local changes the remote wallet is taken as it is", async () => {
    const { one, two, sequence } = await twoInSync();
    expectType(await one.setPreference("animal", "cow"), "saved");
    expectType(await one.push(), "pushed");
    expect(await two.pull()).toEqual({
      type: "pulled",
      sequence: sequence + 1,
      how: "nothing-to-merge",
      hasLocalChanges: false,
      openConflicts: 0,
    });
    expect(sameContent(await walletOf(two), await walletOf(one))).toBe(true);
  });

  it("[P3C-30] nothing is written when the remote wallet says the same in other bytes", async () => {
    const { one, two, sequence } = await twoInSync();
    expectType(await one.push(), "pushed");
    const before = await readFile(`${devices.root}/test_wallet_2`, "utf8");
    expect(await two.pull()).toMatchObject({ sequence: sequence + 1, how: "nothing-to-merge" });
    expect(await readFile(`${devices.root}/test_wallet_2`, "utf8")).toBe(before);
  });

  it("[P3C-32] changes on both sides are merged, and the result is pushed", async () => {
    const { one, two, sequence } = await twoInSync();
    expectType(await one.setPreference("car", "Audi"), "saved");
    expectType(await one.push(), "pushed");
    expectType(await two.setPreference("animal", "horse"), "saved");
    expect(await two.pull()).toEqual({
      type: "pulled",
      sequence: sequence + 1,
      how: "merged",
      hasLocalChanges: true,
      openConflicts: 0,
    });
    expect(await preferencesOf(two)).toMatchObject({ animal: "horse", car: "Audi" });
    expect(await two.push()).toMatchObject({ type: "pushed", sequence: sequence + 2 });
    expect(await one.pull()).toMatchObject({ how: "nothing-to-merge" });
    expect(await preferencesOf(one)).toMatchObject({ animal: "horse", car: "Audi" });
  });

  it("[P3C-32] the first pull of a device with a wallet of its own unites both", async () => {
    const { one, two } = await twoDevices();
    expectType(await one.push(), "pushed");
    const ids = [...(await accountIdsOf(one)), ...(await accountIdsOf(two))].sort();
    expect(await two.pull()).toMatchObject({ sequence: 1, how: "merged", hasLocalChanges: true });
    expect(await accountIdsOf(two)).toEqual(ids);
    expect(await two.push()).toMatchObject({ type: "pushed", sequence: 2 });
    expect(await one.pull()).toMatchObject({ how: "nothing-to-merge" });
    expect(await accountIdsOf(one)).toEqual(ids);
  });

  it("[P3C-32] the first pull of a device without a wallet takes the host's", async () => {
    const one = await devices.registered("one", relay.url, {
      walletPath: await devices.walletFile("test_wallet_1"),
    });
    expectType(await one.push(), "pushed");
    const two = await devices.loggedIn("two", relay.url);
    expect(await two.pull()).toMatchObject({ how: "nothing-to-merge", hasLocalChanges: false });
    expect(await accountIdsOf(two)).toEqual(await accountIdsOf(one));
  });

  it("[P3C-31] a wallet that lacks one of this device's keys is not taken in its place", async () => {
    const { one, two } = await twoInSync();
    const ids = await accountIdsOf(one);
    await pushCarelessly(devices, "one", relay.url, () =>
      setPreference(emptyWallet(), "lonely", "yes", 1_700_000_000),
    );
    expect(await two.pull()).toMatchObject({
      how: "merged",
      hasLocalChanges: true,
      openConflicts: ids.length,
    });
    expect(await accountIdsOf(two)).toEqual(ids);
    expect(await preferencesOf(two)).toMatchObject({ lonely: "yes" });
    expectType(await two.sync(), "synced");
    expect(await one.sync()).toMatchObject({ pushed: false, openConflicts: ids.length });
    expect(await accountIdsOf(one)).toEqual(ids);
  });

  it("[P3C-31] an account that another program took out of the wallet file is not missing in the next push", async () => {
    const { one, two } = await twoInSync();
    const ids = await accountIdsOf(one);
    await writeFile(`${devices.root}/test_wallet_1`, formatWalletFile(newWallet()));
    const all = await accountIdsOf(one);
    expect(all).toHaveLength(3);
    expect(all).toEqual(expect.arrayContaining(ids));
    expectType(await one.push(), "pushed");
    expect(await accountIdsOf(one)).toEqual(all);
    expect(await one.status()).toMatchObject({ hasLocalChanges: false, openConflicts: 2 });
    expect(await two.pull()).toMatchObject({ how: "nothing-to-merge", openConflicts: 2 });
    expect(await accountIdsOf(two)).toEqual(all);
  });

  it("[P3C-28] a pull on an account without a wallet says so", async () => {
    const { one } = await twoDevices();
    expect(await one.pull()).toEqual({
      type: "no-remote-wallet",
      hasLocalChanges: true,
      openConflicts: 0,
    });
  });

  it("[P3C-32] a wallet that a newer Holdfast wrote is left alone, and so is this device's", async () => {
    const { one, two } = await twoInSync();
    await pushCarelessly(devices, "one", relay.url, (wallet) => {
      const notes = new Map<string, JsonValue>([
        ["value", new Map([["version", 2n]])],
        ["ts", 5n],
      ]);
      const preferences = new Map(wallet.get("preferences") as ReadonlyMap<string, JsonValue>);
      return new Map(wallet).set("preferences", preferences.set(notesPreference, notes));
    });
    expectType(await two.setPreference("b", "2"), "saved");
    const before = await walletOf(two);
    expect(await two.pull()).toMatchObject({ type: "merge-refused" });
    expect(await walletOf(two)).toEqual(before);
    expect(await one.pull()).toMatchObject({ type: "merge-refused" });
  });
});

describe("syncing", () => {
  it("[P3C-33] brings both sides together and then has nothing more to do", async () => {
    const { one, two, sequence } = await twoInSync();
    expectType(await one.setPreference("a", "1"), "saved");
    expectType(await two.setPreference("b", "2"), "saved");
    expect(await one.sync()).toMatchObject({ pushed: true, sequence: sequence + 1 });
    expect(await two.sync()).toMatchObject({
      pulled: true,
      merged: true,
      pushed: true,
      sequence: sequence + 2,
    });
    expect(await one.sync()).toMatchObject({ pulled: true, merged: false, pushed: false });
    expect(await two.sync()).toMatchObject({ pulled: false, pushed: false });
    expect(sameContent(await walletOf(one), await walletOf(two))).toBe(true);
  });

  it("[P3C-33] a push that another device overtakes is merged and tried again", async () => {
    const { one, two, sequence } = await twoInSync();
    expectType(await one.setPreference("a", "1"), "saved");
    expectType(await two.setPreference("b", "2"), "saved");
    const gate = Promise.withResolvers<undefined>();
    relay.trick("POST /api/3/wallet", { type: "delay", until: gate.promise });
    const arrived = relay.hear("POST /api/3/wallet");
    const syncing = one.sync();
    await arrived;
    expectType(await two.sync(), "synced");
    gate.resolve(undefined);
    expect(await syncing).toMatchObject({ type: "synced", merged: true, sequence: sequence + 2 });
    expect(await preferencesOf(one)).toMatchObject({ a: "1", b: "2" });
  });

  it("[P3C-33] gives up after some rounds when others never stop writing, and loses nothing", async () => {
    const { one, two } = await twoInSync();
    let edits = 0;
    const racing = devices.open("one", {
      ports: {
        async fetch(input, init) {
          if (init?.method === "POST") {
            edits += 1;
            expectType(await two.setPreference("busy", `${edits}`), "saved");
            expectType(await two.sync(), "synced");
          }
          return await fetch(input, init);
        },
      },
    });
    expectType(await racing.setPreference("a", "1"), "saved");
    expect(await racing.sync()).toEqual({ type: "unsettled", rounds: 8 });
    expect(await one.sync()).toMatchObject({ type: "synced", pushed: true });
    expect(await preferencesOf(one)).toMatchObject({ a: "1", busy: "8" });
  });

  it("[P3C-22] a dead token is replaced by itself, once", async () => {
    const { one } = await twoInSync();
    const again = devices.open("one");
    relay.trick("GET /api/3/wallet", {
      type: "answer",
      answer: { status: 401, body: { error: "Unauthorized: Token Not Found" } },
    });
    expect(await again.sync()).toMatchObject({ type: "synced" });
    relay.always("GET /api/3/wallet", {
      type: "answer",
      answer: { status: 401, body: { error: "Unauthorized: Token Not Found" } },
    });
    expect(await one.sync()).toEqual({
      type: "session-ended",
      detail: "Unauthorized: Token Not Found",
    });
  });

  it("[P3C-33] an account without wallets on either side is in sync", async () => {
    const device = await devices.registered("empty", relay.url);
    expect(await device.sync()).toEqual({
      type: "synced",
      sequence: 0,
      pulled: false,
      merged: false,
      pushed: false,
      corrected: false,
      openConflicts: 0,
    });
  });
});

describe("the local wallet", () => {
  it("[P3C-35] a preference is stamped later than the one it replaces, whatever the clock says", async () => {
    const { one } = await twoDevices();
    const early = devices.open("one", { clock: { nowMs: () => 0, sleep: async () => {} } });
    expectType(await one.setPreference("animal", "cow"), "saved");
    expectType(await early.setPreference("animal", "horse"), "saved");
    expectType(await one.push(), "pushed");
    const two = await devices.loggedIn("two2", relay.url);
    expectType(await two.pull(), "pulled");
    expect(await two.getPreference("animal")).toEqual({ type: "preference", value: "horse" });
    expect(await two.getPreference("nothing")).toEqual({ type: "not-set" });
  });

  it("[P3C-36] an imported wallet is merged into the one that is there", async () => {
    const { one, two } = await twoDevices();
    const { text } = expectType(await two.exportWallet(), "exported");
    const ids = [...(await accountIdsOf(one)), ...(await accountIdsOf(two))].sort();
    expect(await one.importWallet(text)).toEqual({
      type: "imported",
      how: "merged",
      hasLocalChanges: true,
      openConflicts: 0,
    });
    expect(await accountIdsOf(one)).toEqual(ids);
  });

  it("[P3C-36] an import into an empty wallet is taken, and rubbish is refused", async () => {
    const device = await devices.registered("empty", relay.url);
    expectType(await device.importWallet("{"), "wallet-refused");
    expectType(await device.importWallet('{"accounts": 3}'), "wallet-refused");
    expect(await device.importWallet('{"name": "holdfast", "version": "0.0.0"}')).toMatchObject({
      type: "wallet-refused",
      detail: "This is JSON, but no LBRY wallet: it has neither accounts nor preferences.",
    });
    const text = formatWalletFile(newWallet({ animal: "cow" }));
    expect(await device.importWallet(text)).toMatchObject({ type: "imported", how: "taken" });
    expect(await preferencesOf(device)).toEqual({ animal: "cow" });
  });
});

function sentWallet({ seen }: Relay, index: number): Record<string, unknown> {
  const posts = seen.filter(({ method, url }) => method === "POST" && url === "/api/3/wallet");
  const { encryptedWallet, hmac, sequence } = JSON.parse(posts[index]?.body ?? "{}") as Record<
    string,
    unknown
  >;
  return { encryptedWallet, hmac, sequence };
}

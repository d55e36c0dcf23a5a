import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDaemon, Secret, type DaemonClient, type Device, type Scrypt } from "@holdfast/client";
import { nativeScrypt } from "@holdfast/client/node";
import { startLbrynetDaemon, type LbrynetDaemon } from "@holdfast/testing";
import { systemRandomBytes } from "@holdfast/client/browser";
import {
  encryptWallet,
  formatJson,
  formatWalletFile,
  parseJson,
  type JsonValue,
} from "@holdfast/wallet/lbry";
import { writeFile } from "node:fs/promises";
import {
  accountIdsOf,
  createTestDevices,
  createTickingClock,
  expectType,
  newWallet,
  password,
  preferencesOf,
  syncedSequence,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

/** Blobs as a real daemon makes them; only the derivation from the password is turned down. */
const blobScrypt: Scrypt = async (secret, salt, params, onProgress) =>
  await nativeScrypt(
    secret,
    salt,
    params.N === 2 ** 20 ? { ...params, N: 16 } : params,
    onProgress,
  );
const settings = { ports: { scrypt: blobScrypt } };

let host: TestHost;
let devices: TestDevices;
let lbrynet: LbrynetDaemon;
let daemon: DaemonClient;
let device: Device;
let other: Device;

beforeEach(async () => {
  host = await startTestHost();
  devices = await createTestDevices();
  await devices.walletFile("default_wallet", { animal: "cow" });
  const clock = createTickingClock();
  lbrynet = await startLbrynetDaemon({
    walletsFolder: devices.root,
    walletIds: ["default_wallet"],
    now: () => clock.nowMs() / 1000,
  });
  daemon = expectType(openDaemon({ url: lbrynet.url }), "opened").daemon;
  device = await devices.registered("beside-lbrynet", host.url, settings);
  other = await devices.loggedIn("other", host.url, {
    ...settings,
    walletPath: await devices.walletFile("other_wallet"),
  });
});
afterEach(async () => {
  await lbrynet.close();
  await host.close();
  await devices.remove();
});

describe("syncing a LBRY daemon", () => {
  it("[P3C-46] brings a daemon's wallet to the host, and then has nothing more to do", async () => {
    const hash = await lbrynet.call("sync_hash");
    expect(await device.syncDaemon({ daemon })).toEqual({
      type: "daemon-synced",
      sequence: 1,
      applied: false,
      pushed: true,
      hash,
    });
    expect(await device.syncDaemon({ daemon })).toMatchObject({ applied: false, pushed: false });
    expectType(await other.sync(), "synced");
    expect(await preferencesOf(other)).toEqual({ animal: "cow" });
  });

  it("[P3C-46] brings the host's wallet into the daemon", async () => {
    expectType(await other.setPreference("car", "Audi"), "saved");
    expectType(await other.sync(), "synced");
    expect(await device.syncDaemon({ daemon })).toMatchObject({ applied: true, pushed: true });
    expect(await lbrynet.call("preference_get")).toEqual(
      new Map([
        ["animal", "cow"],
        ["car", "Audi"],
      ]),
    );
    expectType(await other.sync(), "synced");
    expect(await accountIdsOf(other)).toHaveLength(2);
    expect(await accountIdsOf(other)).toEqual(await accountIdsOf(device));
    const sequence = await syncedSequence(device);
    expect(await device.syncDaemon({ daemon })).toMatchObject({
      sequence,
      applied: false,
      pushed: false,
    });
  });

  it("[P3C-46] carries edits of either side to the other", async () => {
    expectType(await device.syncDaemon({ daemon }), "daemon-synced");
    expectType(await other.sync(), "synced");
    await lbrynet.call("preference_set", { key: "animal", value: "horse" });
    expectType(await other.setPreference("car", "Toyota"), "saved");
    expectType(await other.sync(), "synced");
    expect(await device.syncDaemon({ daemon })).toMatchObject({ applied: true, pushed: true });
    expectType(await other.sync(), "synced");
    expect(await preferencesOf(other)).toEqual({ animal: "horse", car: "Toyota" });
    expect(await lbrynet.call("preference_get", { key: "car" })).toEqual(
      new Map([["car", "Toyota"]]),
    );
  });

  it("[P3C-46] merges subscriptions made in the daemon and elsewhere one by one, and what was dropped stays dropped", async () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => `lbry://@${name}#${name.repeat(40)}`);
    const shared = (...subscriptions: (string | undefined)[]): string =>
      JSON.stringify({ type: "object", value: { subscriptions }, version: "0.1" });
    const subscriptionsOf = async (device: Device): Promise<unknown> => {
      const { value } = expectType(await device.getPreference("shared"), "preference");
      return JSON.parse(formatJson(value)).value.subscriptions.toSorted();
    };
    await lbrynet.call("preference_set", { key: "shared", value: shared(a, b) });
    expectType(await device.syncDaemon({ daemon }), "daemon-synced");
    expectType(await other.sync(), "synced");

    await lbrynet.call("preference_set", { key: "shared", value: shared(b, c) });
    expectType(await other.setPreference("shared", parseJson(shared(a, b, d))), "saved");
    expectType(await other.sync(), "synced");
    expect(await device.syncDaemon({ daemon })).toMatchObject({ applied: true, pushed: true });
    expectType(await other.sync(), "synced");
    expect(await subscriptionsOf(device)).toEqual([b, c, d]);
    expect(await subscriptionsOf(other)).toEqual([b, c, d]);
    const held = (await lbrynet.call("preference_get", { key: "shared" })) as ReadonlyMap<
      string,
      JsonValue
    >;
    expect(
      JSON.parse(formatJson(held.get("shared") ?? null)).value.subscriptions.toSorted(),
    ).toEqual([b, c, d]);
    expect(await device.status()).toMatchObject({ openConflicts: 0 });
    expect(await device.syncDaemon({ daemon })).toMatchObject({ applied: false, pushed: false });
  });

  it("[P3C-46] [P3C-49] keeps conflicts from the daemon, whose file would show the keys in them", async () => {
    expectType(await device.syncDaemon({ daemon }), "daemon-synced");
    expectType(await other.sync(), "synced");
    await lbrynet.call("preference_set", { key: "animal", value: "horse" });
    expectType(await other.setPreference("animal", "beaver"), "saved");
    expectType(await device.syncDaemon({ daemon }), "daemon-synced");
    expectType(await other.sync(), "synced");
    expectType(await device.syncDaemon({ daemon }), "daemon-synced");
    const { openConflicts } = expectType(await device.status(), "status");
    expect(openConflicts).toBe(1);
    const preferences = (await lbrynet.call("preference_get")) as ReadonlyMap<string, unknown>;
    expect([...preferences.keys()]).toEqual(["animal"]);
    expect(await device.syncDaemon({ daemon })).toMatchObject({ applied: false, pushed: false });
  });

  it("[P3C-45] names a locked wallet and changes nothing", async () => {
    const encrypted = encryptWallet(newWallet(), password.reveal(), {
      now: 1_700_000_000,
      ivs: () => systemRandomBytes(16),
    });
    await writeFile(`${devices.root}/locked_wallet`, formatWalletFile(encrypted));
    const locked = await startLbrynetDaemon({
      walletsFolder: devices.root,
      walletIds: ["locked_wallet"],
    });
    const client = expectType(openDaemon({ url: locked.url }), "opened").daemon;
    expect(await device.syncDaemon({ daemon: client })).toEqual({ type: "daemon-wallet-locked" });
    expect(locked.calls).toEqual(["wallet_status"]);
    expect(await syncedSequence(device)).toBe(0);
    await locked.close();
  });

  it("[P3C-45] names an unknown wallet", async () => {
    expect(await device.syncDaemon({ daemon, walletId: "nowhere" })).toEqual({
      type: "daemon-wallet-unknown",
      detail: "Wallet nowhere is not loaded.",
    });
  });

  it("[P3C-45] names a wrong password, and tells it to nobody", async () => {
    const packed = expectType(await daemon.syncApply({ password }), "applied");
    const wrong = new Secret("not the password");
    const outcome = await daemon.syncApply({ password: wrong, data: packed.data });
    expect(outcome).toEqual({ type: "daemon-wrong-password" });
  });

  it("[P3C-46] refuses a profile that syncs a wallet file, which the daemon would overwrite", async () => {
    expect(await other.syncDaemon({ daemon })).toEqual({
      type: "wallet-file-linked",
      location: `${devices.root}/other_wallet`,
    });
  });

  it("[P3C-45] reads hash and preferences", async () => {
    expect(await daemon.syncHash({})).toEqual({
      type: "hash",
      hash: await lbrynet.call("sync_hash"),
    });
    expect(await daemon.preferenceGet({ key: "animal" })).toEqual({
      type: "preferences",
      value: new Map([["animal", "cow"]]),
    });
  });
});

describe("a daemon's address", () => {
  it.each([
    "http://192.168.1.5:5279",
    "https://example.com",
    "http://127.0.0.1.example.com:5279",
    "http://user:secret@127.0.0.1:5279",
    "file:///etc/passwd",
    "nonsense",
  ])("[P3C-43] %s is refused", (url) => {
    expect(openDaemon({ url })).toMatchObject({ type: "url-refused" });
  });

  it("[P3C-43] of another machine can be allowed", () => {
    expect(openDaemon({ url: "http://192.168.1.5:5279", allowRemote: true })).toMatchObject({
      type: "opened",
    });
  });
});

describe("something else at the daemon's address", () => {
  let server: Server;
  let answer: string | undefined;
  let stranger: DaemonClient;

  beforeEach(async () => {
    server = createServer((_, response) => {
      if (answer !== undefined) response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stranger = expectType(openDaemon({ url, timeoutMs: 500 }), "opened").daemon;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ["nothing", "", "daemon-malformed-answer"],
    ["a page", "<html>", "daemon-malformed-answer"],
    ["a list", "[1, 2]", "daemon-malformed-answer"],
    ["another result", '{"result": 5}', "daemon-malformed-answer"],
    ["half a result", '{"result": {"hash": "00"}}', "daemon-malformed-answer"],
    ["half an error", '{"error": "no"}', "daemon-malformed-answer"],
    ["endless nesting", "[".repeat(200_000), "daemon-malformed-answer"],
    [
      "its caller's password",
      '{"error": {"message": "went\\u001b[2J wrong 123abc2", "data": {"name": "X"}}}',
      "daemon-error",
    ],
  ])("[P3C-45] that answers %s is named, without secrets", async (_, text, type) => {
    answer = text;
    const outcome = await stranger.syncApply({ password });
    expect(outcome.type).toBe(type);
    expect(JSON.stringify(outcome)).not.toContain(password.reveal());
  });

  it("[P3C-45] that is silent is a timeout", async () => {
    answer = undefined;
    expect(await stranger.walletStatus({})).toMatchObject({
      type: "daemon-unreachable",
      reason: "timeout",
    });
  });

  it("[P3C-45] that packs something else than a wallet changes nothing here", async () => {
    answer = JSON.stringify({
      result: { is_locked: false, is_encrypted: false, hash: "00", data: "czo4MTkyOjE2OjE6AAAA" },
    });
    expect(await device.syncDaemon({ daemon: stranger })).toMatchObject({
      type: "daemon-malformed-answer",
    });
    expect(await preferencesOf(device)).toEqual({});
  });
});

import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret, type Device } from "@holdfast/client";
import {
  encryptWallet,
  formatWalletFile,
  isLocked,
  notesPreference,
  parseWallet,
} from "@holdfast/wallet/lbry";
import { systemRandomBytes } from "@holdfast/client/browser";
import { startRelay, type Relay } from "./client/relay.ts";
import {
  createTestDevices,
  expectType,
  newWallet,
  password,
  preferencesOf,
  readProfile,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

let host: TestHost;
let relay: Relay;
let devices: TestDevices;
let one: Device;
const eggsandwich = new Secret("eggsandwich");
const starboard = new Secret("starboard");

beforeEach(async () => {
  host = await startTestHost();
  relay = await startRelay(host.url);
  devices = await createTestDevices();
  one = await devices.registered("one", relay.url, {
    walletPath: await devices.walletFile("test_wallet_1", { animal: "cow" }),
  });
});
afterEach(async () => {
  await relay.close();
  await host.close();
  await devices.remove();
});

const saltSeedOf = async (device: Device): Promise<string> =>
  expectType(await device.status(), "status").saltSeed ?? "none";

describe("changing the password", () => {
  it("[P3C-38] sends password, salt seed and wallet in one request, and every token ends", async () => {
    expectType(await one.push(), "pushed");
    const two = await devices.loggedIn("two", relay.url);
    expectType(await two.pull(), "pulled");
    const oldSeed = await saltSeedOf(one);
    relay.seen.length = 0;

    const changed = expectType(
      await one.changePassword({ newPassword: eggsandwich }),
      "password-changed",
    );
    expect(changed.sequence).toBe(2);
    expect(changed.saltSeed).not.toBe(oldSeed);
    const posted = relay.seen.filter(({ method }) => method === "POST").map(({ url }) => url);
    expect(posted).toEqual(["/api/3/password"]);

    expect(await one.pull()).toEqual({ type: "not-logged-in" });
    expect(await two.pull()).toEqual({
      type: "session-ended",
      detail: "Unauthorized: Token Not Found",
    });
    expectType(await one.login(), "logged-in");
    expect(await one.pull()).toEqual({
      type: "up-to-date",
      sequence: 2,
      hasLocalChanges: false,
      openConflicts: 0,
    });

    expectType(await two.login(), "credentials-refused");
    expect(await two.setLocalPassword({ password: eggsandwich })).toEqual({
      type: "updated",
      saltSeed: changed.saltSeed,
      changed: true,
    });
    expectType(await two.login(), "logged-in");
    expect(await two.pull()).toMatchObject({ sequence: 2, how: "nothing-to-merge" });
  });

  it("[P3C-37] is refused while there are changes to push", async () => {
    expectType(await one.push(), "pushed");
    expectType(await one.setPreference("animal", "leemur"), "saved");
    const before = await readProfile(devices, "one");
    expect(await one.changePassword({ newPassword: starboard })).toEqual({ type: "local-changes" });
    expect(await readProfile(devices, "one")).toEqual(before);
    expectType(await one.push(), "pushed");
    expect(await one.changePassword({ newPassword: starboard })).toMatchObject({
      type: "password-changed",
      sequence: 3,
    });
  });

  it("[P3C-37] pushes the changes itself when told to", async () => {
    expectType(await one.push(), "pushed");
    expectType(await one.setPreference("animal", "leemur"), "saved");
    expect(await one.changePassword({ newPassword: starboard, syncFirst: true })).toMatchObject({
      type: "password-changed",
      sequence: 3,
    });
  });

  it("[P3C-37] is refused while a push is in flight", async () => {
    relay.trick("POST /api/3/wallet", { type: "lose-answer" });
    expectType(await one.push(), "unreachable");
    expect(await one.changePassword({ newPassword: starboard })).toEqual({ type: "local-changes" });
  });

  it("[P3C-38] of an account that never pushed sends no wallet", async () => {
    expect(await one.changePassword({ newPassword: eggsandwich })).toMatchObject({
      type: "password-changed",
      sequence: null,
    });
    expect(Object.keys(JSON.parse(relay.seen.at(-1)?.body ?? "{}") as object).sort()).toEqual([
      "clientSaltSeed",
      "email",
      "newPassword",
      "oldPassword",
    ]);
    expectType(await one.login(), "logged-in");
    expect(await one.push()).toMatchObject({ type: "pushed", sequence: 1 });
    const two = devices.open("two");
    expectType(
      await two.login({ server: relay.url, email: "joe@example.com", password: eggsandwich }),
      "logged-in",
    );
    expectType(await two.pull(), "pulled");
    expect(await preferencesOf(two)).toEqual({ animal: "cow" });
  });

  it("[P3C-38] on a device that missed the latest wallet takes that one first", async () => {
    const two = await devices.loggedIn("two", relay.url);
    expectType(await one.push(), "pushed");
    expect(await two.changePassword({ newPassword: eggsandwich })).toMatchObject({
      type: "password-changed",
      sequence: 2,
    });
    expect(await preferencesOf(two)).toEqual({ animal: "cow" });
  });

  it("[P3C-38] overtaken by another device's push is refused as out of date, and works the next time", async () => {
    const two = await devices.loggedIn("two", relay.url);
    expectType(await one.push(), "pushed");
    expectType(await two.pull(), "pulled");
    const gate = Promise.withResolvers<undefined>();
    relay.trick("POST /api/3/password", { type: "delay", until: gate.promise });
    const asked = relay.hear("POST /api/3/password");
    const changing = two.changePassword({ newPassword: eggsandwich });
    await asked;
    expectType(await one.push(), "pushed");
    gate.resolve(undefined);
    expect(await changing).toEqual({ type: "out-of-date", remoteSequence: null });
    expect(expectType(await two.status(), "status").isPasswordChangePending).toBe(false);
    expect(await two.changePassword({ newPassword: eggsandwich })).toMatchObject({ sequence: 3 });
  });

  it("[P3C-37] to the same password is refused", async () => {
    expect(await one.changePassword({ newPassword: password })).toEqual({ type: "same-password" });
  });

  it("[P3C-22] with a password that was changed elsewhere is refused, and edits survive", async () => {
    expectType(await one.push(), "pushed");
    const two = await devices.loggedIn("two", relay.url);
    expectType(await two.pull(), "pulled");
    expectType(await one.changePassword({ newPassword: eggsandwich }), "password-changed");
    expectType(await two.changePassword({ newPassword: starboard }), "credentials-refused");
    expectType(await two.setPreference("car", "Audi"), "saved");
    expectType(await two.sync(), "credentials-refused");
    expectType(await two.setLocalPassword({ password: eggsandwich }), "updated");
    expect(await two.sync()).toMatchObject({ type: "synced", merged: true, pushed: true });
    expect(await preferencesOf(two)).toEqual({ animal: "cow", car: "Audi" });
  });
});

describe("what was in flight when the password changed elsewhere", () => {
  it("[P3C-22] is not sent under the old keys, which other devices could not verify", async () => {
    const two = await devices.loggedIn("two", relay.url);
    relay.trick("POST /api/3/wallet", { type: "lose-request" });
    expectType(await one.push(), "unreachable");
    expectType(await two.changePassword({ newPassword: eggsandwich }), "password-changed");
    expectType(await one.setLocalPassword({ password: eggsandwich }), "updated");
    expectType(await one.login(), "logged-in");
    expect(await one.push()).toEqual({ type: "pushed", sequence: 1, recovered: false });
    expectType(await two.login(), "logged-in");
    expect(await two.pull()).toMatchObject({ type: "pulled", sequence: 1 });
  });
});

describe("a password change whose answer is lost", () => {
  it("[P3C-39] but was made, is found out by the next login", async () => {
    expectType(await one.push(), "pushed");
    relay.trick("POST /api/3/password", { type: "lose-answer" });
    expectType(await one.changePassword({ newPassword: eggsandwich }), "unreachable");
    const status = expectType(await one.status(), "status");
    expect(status).toMatchObject({ isPasswordChangePending: true, syncedSequence: 1 });
    expectType(await one.login(), "logged-in");
    expect(expectType(await one.status(), "status").isPasswordChangePending).toBe(false);
    expect(await one.pull()).toEqual({
      type: "up-to-date",
      sequence: 2,
      hasLocalChanges: false,
      openConflicts: 0,
    });
  });

  it("[P3C-39] and was not made, leaves the old password working", async () => {
    expectType(await one.push(), "pushed");
    relay.trick("POST /api/3/password", { type: "lose-request" });
    expectType(await one.changePassword({ newPassword: eggsandwich }), "unreachable");
    expect(await one.pull()).toEqual({
      type: "up-to-date",
      sequence: 1,
      hasLocalChanges: false,
      openConflicts: 0,
    });
    expect(expectType(await one.status(), "status").isPasswordChangePending).toBe(true);
    expectType(await one.push(), "pushed");
    // It was to be revision 2, which now is another: it can no longer happen.
    expect(expectType(await one.status(), "status").isPasswordChangePending).toBe(false);
  });

  it.each(["lose-answer", "lose-request"] as const)(
    "[P3C-39] %s: the same change asked for again is made once",
    async (type) => {
      expectType(await one.push(), "pushed");
      relay.trick("POST /api/3/password", { type });
      expectType(await one.changePassword({ newPassword: eggsandwich }), "unreachable");
      const again = await one.changePassword({ newPassword: eggsandwich });
      expect(again).toMatchObject({ type: "password-changed", sequence: 2 });
      const bodies = relay.seen.filter(({ url }) => url === "/api/3/password");
      const changes = bodies.map(({ body }) => {
        const { newPassword, clientSaltSeed } = JSON.parse(body) as Record<string, unknown>;
        return { newPassword, clientSaltSeed };
      });
      // Whichever arrives, the keys are the same.
      expect(changes).toEqual(changes.map(() => changes[0]));
      expectType(await one.login(), "logged-in");
      expect(await one.pull()).toMatchObject({ type: "up-to-date", sequence: 2 });
    },
  );

  it.each(["lose-answer", "lose-request"] as const)(
    "[P3C-39] %s: another change asked for next is made after it",
    async (type) => {
      expectType(await one.push(), "pushed");
      relay.trick("POST /api/3/password", { type });
      expectType(await one.changePassword({ newPassword: eggsandwich }), "unreachable");
      const next = await one.changePassword({ newPassword: starboard });
      expect(next).toMatchObject({ type: "password-changed", sequence: 3 });
      const two = devices.open("two");
      expectType(
        await two.login({ server: relay.url, email: "joe@example.com", password: starboard }),
        "logged-in",
      );
      expectType(await two.pull(), "pulled");
    },
  );

  it("[P3C-39] and arrives late, after it was given up for lost, is still adopted", async () => {
    expectType(await one.push(), "pushed");
    const gate = Promise.withResolvers<undefined>();
    relay.trick("POST /api/3/password", { type: "delay", until: gate.promise });
    const impatient = devices.open("one", { timeoutMs: 200 });
    expect(await impatient.changePassword({ newPassword: eggsandwich })).toMatchObject({
      reason: "timeout",
    });
    expectType(await one.login(), "logged-in");
    expectType(await one.pull(), "up-to-date");
    const answered = relay.hearAnswer("POST /api/3/password");
    gate.resolve(undefined);
    await answered;
    expectType(await one.login(), "logged-in");
    expect(await one.pull()).toMatchObject({
      sequence: 2,
      how: "nothing-to-merge",
      hasLocalChanges: false,
      openConflicts: 0,
    });
  });
});

describe("a wallet file encrypted on disk", () => {
  it("[P3C-18] stays encrypted through pulls and a change of the password", async () => {
    const now = 1_700_000_000;
    const encrypted = encryptWallet(newWallet({ animal: "cow" }), password.reveal(), {
      now,
      ivs: () => systemRandomBytes(16),
    });
    const path = `${devices.root}/encrypted`;
    await writeFile(path, formatWalletFile(encrypted));
    const two = await devices.loggedIn("two", relay.url, { walletPath: path });
    const readDisk = async () => parseWallet(await readFile(path, "utf8"));

    expectType(await two.sync(), "synced");
    expectType(await one.sync(), "synced");
    expectType(await one.setPreference("car", "Audi"), "saved");
    expectType(await one.sync(), "synced");
    expect(await two.sync()).toMatchObject({ pulled: true, merged: false, pushed: false });
    expect(isLocked(await readDisk())).toBe(true);
    expect(await preferencesOf(two)).toMatchObject({ car: "Audi" });

    expectType(await two.changePassword({ newPassword: eggsandwich }), "password-changed");
    expectType(await two.setPreference("car", "Toyota"), "saved");
    expectType(await two.sync(), "synced");
    expect(isLocked(await readDisk())).toBe(true);
    expect(await preferencesOf(two)).toMatchObject({ car: "Toyota" });
  });

  it("[P3C-18] [P3C-49] keeps what conflicts and retired keys hold encrypted, too", async () => {
    const ivs = () => systemRandomBytes(16);
    const encrypted = encryptWallet(newWallet(), password.reveal(), { now: 1_700_000_000, ivs });
    const path = `${devices.root}/encrypted`;
    await writeFile(path, formatWalletFile(encrypted));
    const two = await devices.loggedIn("two", relay.url, { walletPath: path });
    const lost = await devices.walletFile("lost");
    const three = await devices.loggedIn("three", relay.url, { walletPath: lost });
    const file = JSON.parse(await readFile(lost, "utf8")) as { accounts: { seed: string }[] };
    expectType(await three.sync(), "synced");
    await writeFile(lost, formatWalletFile(newWallet()));
    expect(await three.sync()).toMatchObject({ pushed: true });
    const { openConflicts } = expectType(await two.sync(), "synced");
    expect(openConflicts).toBeGreaterThan(0);

    const onDisk = await readFile(path, "utf8");
    expect(onDisk).toContain(notesPreference);
    expect(onDisk).not.toContain(file.accounts[0]?.seed);
    expect(await two.status()).toMatchObject({ hasLocalChanges: false, openConflicts });
    expect(await two.sync()).toMatchObject({ pushed: false, openConflicts });
    expectType(await two.changePassword({ newPassword: eggsandwich }), "password-changed");
    expect(await two.status()).toMatchObject({ hasLocalChanges: false, openConflicts });
  });

  it("[P3C-18] under another password is named and left alone", async () => {
    const encrypted = encryptWallet(newWallet(), "somebody else's", {
      now: 1_700_000_000,
      ivs: () => systemRandomBytes(16),
    });
    const path = `${devices.root}/encrypted`;
    const text = formatWalletFile(encrypted);
    await writeFile(path, text);
    const two = await devices.loggedIn("two", relay.url, { walletPath: path });
    expect(await two.push()).toMatchObject({ type: "local-wallet-unusable", reason: "locked" });
    expect(await readFile(path, "utf8")).toBe(text);
  });
});

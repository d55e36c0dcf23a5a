/** A wallet that lies in a profile when an account comes to it: the account's own, nobody's, or one that another account left. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describeFailure, type Device } from "@holdfast/client";
import { settleRegistration, showAccount } from "@holdfast/client/protocol-4";
import { createHostileHost } from "@holdfast/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { logInOn, registerOn } from "./client/account-4.ts";
import { startRelay, type Relay } from "./client/relay.ts";
import {
  createTestDevices,
  email,
  expectType,
  password,
  preferencesOf,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";
import { createFaults } from "./protocol-4/faults.ts";

let host: TestHost;
let relay: Relay;
let devices: TestDevices;

const password4 = "gravel umbrella cactus";
const ann = "ann@example.com";

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

async function registered4(device: Device, id: string): Promise<void> {
  const input = { id, password: password4, deviceName: "one" };
  const outcome = await registerOn(device, { host: new URL(host.url), ...input });
  expectType(outcome, "registered");
}

async function loggedIn4(device: Device, id: string): Promise<void> {
  const input = { id, password: password4, deviceName: "two" };
  const outcome = await logInOn(device, { host: new URL(host.url), ...input });
  expectType(outcome, "logged-in");
}

/** The account goes, its wallet stays: what a person does who removes the one file and not the other. */
async function forgetAccount(name: string): Promise<void> {
  for (const file of ["profile.json", "account.json"])
    await rm(join(devices.folder(name), file), { force: true });
}

async function stateOf(name: string): Promise<string> {
  return await readFile(join(devices.folder(name), "state.json"), "utf8");
}

async function expectLeftAlone(device: Device, from: string): Promise<void> {
  const unusable = { type: "local-wallet-unusable", reason: "another-account" };
  for (const call of [
    async () => await device.sync(),
    async () => await device.push(),
    async () => await device.pull(),
    async () => await device.lookAtHost(),
    async () => await device.getPreference("animal"),
    async () => await device.setPreference("animal", "pig"),
    async () => await device.exportWallet(),
    async () =>
      await device.importWallet('{"version":1,"name":"w","preferences":{},"accounts":[]}'),
    async () => await device.listConflicts(),
  ])
    expect(await call()).toMatchObject(unusable);
  const { walletProblem } = expectType(await device.status(), "status");
  expect(walletProblem).toMatchObject(unusable);
  const sentence = describeFailure(walletProblem ?? { type: "" });
  expect(sentence).toContain(`it is the wallet of ${from}`);
  expect(sentence).toContain("--merge-local");
}

describe("a wallet that another account left", () => {
  it("[P3C-51] over protocol 4 is left alone until somebody says that it is to be merged", async () => {
    const one = devices.open("one");
    await registered4(one, email);
    await one.setPreference("animal", "cow");
    expectType(await one.sync(), "synced");
    await one.setPreference("car", "Audi");
    await registered4(devices.open("annsOwn"), ann);
    await forgetAccount("one");
    const left = await stateOf("one");
    const from = `${email} at ${new URL(host.url).origin}`;
    expect(await one.checkLeftWallet({ id: ann, host: new URL(host.url) })).toMatchObject({
      reason: "another-account",
    });
    await loggedIn4(one, ann);
    await expectLeftAlone(one, from);
    expect(await stateOf("one")).toBe(left);

    expect(await one.takeOverWallet()).toEqual({ type: "taken-over", from });
    expect(await one.takeOverWallet()).toEqual({ type: "nothing-left" });
    expect(await one.sync()).toMatchObject({ type: "synced", sequence: 1, pushed: true });
    const two = devices.open("two");
    await loggedIn4(two, ann);
    expectType(await two.sync(), "synced");
    expect(await preferencesOf(two)).toEqual({ animal: "cow", car: "Audi" });
  });

  it("[P3C-51] over protocol 4 is left alone whatever a host calls the account", async () => {
    const evil = createHostileHost();
    const one = devices.open("one", { ports: { fetch: evil.fetch } });
    await registered4(one, email);
    await one.setPreference("animal", "cow");
    await registered4(devices.open("annsOwn"), ann);
    await forgetAccount("one");
    const left = await stateOf("one");
    await loggedIn4(one, ann);
    evil.change("GET /account", (answer: object) => ({ ...answer, id: email }));
    const shown = await one.protocol4.hold(async ({ account }) => await showAccount(account));
    expectType(shown, "shown");
    await expectLeftAlone(one, `${email} at ${new URL(host.url).origin}`);
    expect(await stateOf("one")).toBe(left);
  });

  it("[P3C-51] over protocol 3 keeps another account from the profile before a host is asked anything", async () => {
    const one = await devices.registered("one", relay.url);
    await one.setPreference("animal", "cow");
    expectType(await one.sync(), "synced");
    await forgetAccount("one");
    const left = await stateOf("one");
    relay.seen.length = 0;
    const account = { server: relay.url, email: ann, password };
    const refused = { type: "local-wallet-unusable", reason: "another-account" };
    expect(await one.register(account)).toMatchObject(refused);
    expect(await one.login(account)).toMatchObject(refused);
    expect(await one.updateSecrets(account)).toMatchObject(refused);
    expect(relay.seen).toEqual([]);
    expect(await one.status()).toEqual({ type: "no-profile" });

    expectType(await one.register({ ...account, besideLeftWallet: true }), "registered");
    expectType(await one.login(), "logged-in");
    relay.seen.length = 0;
    await expectLeftAlone(one, `${email} at ${new URL(relay.url).origin}`);
    expect(relay.seen).toEqual([]);
    expect(await stateOf("one")).toBe(left);
    expectType(await one.takeOverWallet(), "taken-over");
    expect(await one.sync()).toMatchObject({ type: "synced", sequence: 1, pushed: true });
    expect(await preferencesOf(one)).toEqual({ animal: "cow" });
  });
});

describe("a wallet that no other account has", () => {
  it("[P3C-51] is the account's own after logging out and in, and where its profile began anew", async () => {
    const one = await devices.registered("one", host.url);
    await one.setPreference("animal", "cow");
    expectType(await one.sync(), "synced");
    await one.setPreference("car", "Audi");
    expectType(await one.logout(), "logged-out");
    const account = { server: host.url, email: "Joe@example.com", password };
    expectType(await one.login({ ...account, email }), "logged-in");
    expect(await one.sync()).toMatchObject({ type: "synced", sequence: 2 });
    await one.setPreference("tree", "oak");
    await forgetAccount("one");
    expectType(await one.login(account), "logged-in");
    expect(await one.sync()).toMatchObject({ type: "synced", sequence: 3 });
    expect(await preferencesOf(one)).toEqual({ animal: "cow", car: "Audi", tree: "oak" });
    expectType(
      await one.protocol4.upgrade({ newPassword: password4, deviceName: "one" }),
      "upgraded",
    );
    await one.setPreference("tree", "elm");
    expect(await one.sync()).toMatchObject({ type: "synced", pushed: true });
    await forgetAccount("one");
    await loggedIn4(one, email);
    expect(await one.takeOverWallet()).toEqual({ type: "nothing-left" });
    expectType(await one.sync(), "synced");
    expect(await preferencesOf(one)).toEqual({ animal: "cow", car: "Audi", tree: "elm" });
  });

  it("[P3C-51] goes to whoever comes next if its account was never made: over protocol 3", async () => {
    const one = devices.open("one");
    const nowhere = { server: "http://127.0.0.1:1", email, password };
    expectType(await one.register(nowhere), "unreachable");
    await one.setPreference("animal", "cow");
    await devices.registered("owner", host.url);
    expectType(await one.register({ ...nowhere, server: host.url }), "address-taken");
    expect(await one.status()).toEqual({ type: "no-profile" });
    expectType(await one.register({ server: host.url, email: ann, password }), "registered");
    expectType(await one.login(), "logged-in");
    expect(await one.sync()).toMatchObject({ type: "synced", pushed: true });
    expect(await preferencesOf(one)).toEqual({ animal: "cow" });
  });

  it("[P3C-51] goes to whoever comes next if its account was never made: over protocol 4", async () => {
    const faults = createFaults();
    const one = devices.open("one", { ports: { fetch: faults.fetch } });
    faults.lose("request", "POST /accounts/finish");
    const input = { host: new URL(host.url), id: email, password: password4, deviceName: "one" };
    const begun = await registerOn(one, input);
    expectType(begun as { readonly type: "unsettled" }, "unsettled");
    await one.setPreference("animal", "cow");
    await registered4(devices.open("owner"), email);
    const settled = await one.protocol4.hold(async (held) => {
      const outcome = await settleRegistration(held.account);
      await held.forget();
      return outcome;
    });
    expect(settled.type).not.toBe("registered");
    const next = devices.open("one");
    expect(await next.checkLeftWallet({ id: ann, host: new URL(host.url) })).toEqual({
      type: "nothing-left",
    });
    await registered4(next, ann);
    expect(await next.sync()).toMatchObject({ type: "synced", pushed: true });
    expect(await preferencesOf(next)).toEqual({ animal: "cow" });
  });
});

import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret, type DerivationProgress } from "@holdfast/client";
import { createNodeDevice } from "@holdfast/client/node";
import { startRelay, type Relay } from "./client/relay.ts";
import {
  createTestDevices,
  email,
  expectType,
  preferencesOf,
  readProfile,
  readState,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";
import { startWatching } from "./client/watching.ts";

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

describe("devices as an app makes them", () => {
  it("[P3C-2] [P3C-8] register, sync and derive with the real cost, and tell how far they are", async () => {
    const progress: DerivationProgress[] = [];
    const account = { server: host.url, email, password: new Secret("123abc2") };
    const one = createNodeDevice(devices.folder("one"), {
      onDerivation: (report) => {
        progress.push(report);
      },
    });
    expectType(
      await one.register({ ...account, walletPath: await devices.walletFile("w") }),
      "registered",
    );
    expect(progress.length).toBeGreaterThan(2);
    expect(progress[0]?.estimatedMs).toBeGreaterThan(0);
    expectType(await one.login(), "logged-in");
    expectType(await one.setPreference("animal", "cow"), "saved");
    expect(await one.push()).toMatchObject({ sequence: 1 });
    const two = createNodeDevice(devices.folder("two"));
    expectType(await two.login(account), "logged-in");
    expectType(await two.pull(), "pulled");
    expect(await preferencesOf(two)).toEqual({ animal: "cow" });
  });
});

describe("secrets", () => {
  it("[P3C-44] reach neither the host nor any outcome or event", async () => {
    const outcomes: unknown[] = [];
    const note = <Outcome>(outcome: Outcome): Outcome => {
      outcomes.push(outcome);
      return outcome;
    };
    const password = new Secret("canary-password");
    const account = { server: relay.url, email, password };
    const device = devices.open("one");
    const walletPath = await devices.walletFile("wallet");
    expectType(note(await device.register({ ...account, walletPath })), "registered");
    expectType(note(await device.login()), "logged-in");
    expectType(await device.setPreference("animal", "canary-preference"), "saved");
    expectType(note(await device.push()), "pushed");
    const watching = startWatching(device);
    note(await watching.next("acted"));
    note(await watching.stop());
    const before = await readProfile(devices, "one");
    const newPassword = new Secret("canary-second");
    expectType(note(await device.changePassword({ newPassword })), "password-changed");
    expectType(note(await device.pull()), "not-logged-in");
    expectType(note(await device.login()), "logged-in");
    expectType(note(await device.sync()), "synced");
    note(await device.status());
    const after = await readProfile(devices, "one");

    const kept = ["canary-password", "canary-second", "canary-preference"];
    const { contents } = await readState(devices, "one");
    const seed = /"seed": "([^"]+)"/.exec(contents.join("\n"))?.[1];
    const own = [before, after].flatMap(({ secrets }) => {
      const { hmacKey, olderHmacKey } = secrets as Record<string, string>;
      return [hmacKey, olderHmacKey, seed].map((secret) => secret ?? "missing");
    });
    const sent = relay.seen.map(({ url, headers, body }) => JSON.stringify({ url, headers, body }));
    for (const secret of [...kept, ...own]) {
      expect(secret.length).toBeGreaterThan(10);
      expect(sent.join("\n")).not.toContain(secret);
    }
    const tokens = [before, after].map(({ session }) => (session as { token: string }).token);
    const shown = JSON.stringify(outcomes) + inspect(outcomes, { depth: 9, showHidden: true });
    for (const secret of [...kept, ...own, ...tokens]) expect(shown).not.toContain(secret);
  });
});

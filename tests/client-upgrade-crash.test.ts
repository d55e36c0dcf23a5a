/** A profile whose upgrade to protocol 4 is killed at each step of its disk and each request goes on afterwards, with every edit. */
import { ClientError, type Device, Secret } from "@holdfast/client";
import { loadOpaqueClient, type OpaqueClient, type RegisteredPassword } from "@holdfast/crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCrashingSteps, Killed } from "./client/crashing-steps.ts";
import {
  createTestDevices,
  expectType,
  preferencesOf,
  type OpenSettings,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

let host: TestHost;
let devices: TestDevices;
let opaque: OpaqueClient;

beforeAll(async () => {
  host = await startTestHost();
  devices = await createTestDevices();
  opaque = stretchOnce(await loadOpaqueClient());
});
afterAll(async () => {
  await host.close();
  await devices.remove();
});

/** The half second that a password takes is spent once: nobody logs in with it here. */
function stretchOnce(real: OpaqueClient): OpaqueClient {
  let made: RegisteredPassword | null = null;
  return {
    ...real,
    finishRegistration: (...input) => (made ??= real.finishRegistration(...input)),
  };
}

type Break =
  /** the process dies right after this step of its disk */
  | { readonly at: "step"; readonly number: number }
  /** a message of this request is lost, and the process lives, or dies when the host has answered */
  | {
      readonly at: "request";
      readonly number: number;
      readonly how: "lost" | "unheard" | "killed";
    };

let runs = 0;

/** A device of protocol 3 with a wallet on the host and an edit that is nowhere else. */
async function prepare(): Promise<string> {
  runs += 1;
  const name = `run-${runs}`;
  const device = open(name);
  const password = new Secret("123abc2");
  const account = { server: host.url, email: `joe${runs}@example.com`, password };
  expectType(await device.register(account), "registered");
  expectType(await device.login(), "logged-in");
  expectType(await device.setPreference("synced", "1"), "saved");
  expectType(await device.sync(), "synced");
  expectType(await device.setPreference("unpushed", "2"), "saved");
  return name;
}

function open(name: string, { steps, ports }: Pick<OpenSettings, "steps" | "ports"> = {}): Device {
  return devices.open(name, {
    ...(steps && { steps }),
    ports: { loadOpaque: async () => await Promise.resolve(opaque), ...ports },
  });
}

async function upgrade(device: Device) {
  return await device.protocol4.upgrade({ newPassword: "gravel umbrella", deviceName: "one" });
}

/** Upgrades until the break; gives the steps and requests that were begun. */
async function upgradeUntil(name: string, end: Break | null) {
  const crashing = createCrashingSteps(
    end?.at === "step" ? { step: end.number, moment: "after" } : null,
  );
  let requests = 0;
  const breaking: typeof fetch = async (...request) => {
    requests += 1;
    if (end?.at !== "request" || end.number !== requests) return await fetch(...request);
    if (end.how !== "lost") await fetch(...request);
    if (end.how === "killed") crashing.kill();
    throw new TypeError("the connection broke");
  };
  const device = open(name, { steps: crashing.steps, ports: { fetch: breaking } });
  const outcome = await upgrade(device).catch((error: unknown) => {
    const cause = error instanceof ClientError ? error.cause : error;
    if (cause instanceof Killed) return null;
    throw error;
  });
  if (end === null && outcome?.type !== "upgraded") throw new Error(outcome?.type ?? "it died");
  return { steps: crashing.kinds(), requests };
}

async function expectWhole(name: string): Promise<void> {
  const device = open(name);
  expectType(await device.setPreference("later", "3"), "saved");
  const { protocol } = expectType(await device.status(), "status");
  if (protocol === 3) expectType(await upgrade(device), "upgraded");
  expectType(await device.sync(), "synced");
  expect(await device.status()).toMatchObject({
    protocol: 4,
    isLoggedIn: true,
    hasLocalChanges: false,
    hostProblem: null,
    inFlightSequence: null,
  });
  expect(await preferencesOf(device)).toEqual({ synced: "1", unpushed: "2", later: "3" });
  expect(await device.sync()).toMatchObject({ type: "synced", pulled: false, pushed: false });
}

it("[P4K-64] [P4K-67] an upgrade that is killed after any step of its disk goes on, with every edit", async () => {
  const { steps } = await upgradeUntil(await prepare(), null);
  expect(steps.filter((kind) => kind === "rename").length).toBeGreaterThan(6);
  for (const [at, kind] of steps.entries()) {
    // After a rename another text is there, after a write a draft; the other steps leave what the one before them left.
    if (kind !== "rename" && kind !== "write" && at + 1 < steps.length) continue;
    const number = at + 1;
    const name = await prepare();
    await upgradeUntil(name, { at: "step", number });
    await expectWhole(name);
  }
});

it.each(["lost", "unheard", "killed"] as const)(
  "[P4K-64] [P4K-67] an upgrade one of whose requests is %s goes on, with every edit",
  async (how) => {
    const { requests } = await upgradeUntil(await prepare(), null);
    expect(requests).toBeGreaterThan(3);
    for (let number = 1; number <= requests; number += 1) {
      const name = await prepare();
      await upgradeUntil(name, { at: "request", number, how });
      await expectWhole(name);
    }
  },
);

it("[P4K-67] a receipt for another account is not believed, and the key of the one that was made is kept", async () => {
  const name = await prepare();
  const lying: typeof fetch = async (...request) => {
    const answer = await fetch(...request);
    const [input] = request;
    if (!(input instanceof URL) || !input.pathname.endsWith("/upgrade")) return answer;
    const said = (await answer.json()) as Record<string, unknown>;
    return Response.json({ ...said, identity: "A".repeat(43) }, { status: answer.status });
  };
  expect(await upgrade(open(name, { ports: { fetch: lying } }))).toMatchObject({
    type: "unsettled",
    failure: { type: "host-misbehaves", fault: "false-receipt" },
  });
  await expectWhole(name);
});

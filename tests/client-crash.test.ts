import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ClientError, Secret, type Device } from "@holdfast/client";
import { sameContent } from "@holdfast/wallet/lbry";
import { createCrashingSteps, Killed, type Death } from "./client/crashing-steps.ts";
import {
  accountIdsOf,
  createTestDevices,
  expectType,
  preferencesOf,
  readProfile,
  syncedSequence,
  walletOf,
  type OpenSettings,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

let host: TestHost;
let devices: TestDevices;

beforeAll(async () => {
  host = await startTestHost();
  devices = await createTestDevices();
});
afterAll(async () => {
  await host.close();
  await devices.remove();
});

let runs = 0;
const newPassword = new Secret("eggsandwich");

type Pair = {
  readonly one: Device;
  readonly two: Device;
  readonly name: string;
  readonly email: string;
};

/** Two devices of a new account, in sync at revision 1; then each has an edit, and two's is pushed as revision 2. With keys in a file or, much faster, preferences alone. */
async function diverged(kind: "keys" | "preferences" = "preferences"): Promise<Pair> {
  runs += 1;
  const name = `run-${runs}`;
  const email = `joe${runs}@example.com`;
  const account = { server: host.url, email, password: new Secret("123abc2") };
  const linked = kind === "keys" ? { walletPath: await devices.walletFile(`${name}-wallet`) } : {};
  const one = devices.open(name);
  const two = devices.open(`${name}-two`);
  expectType(await one.register({ ...account, ...linked }), "registered");
  expectType(await one.login(), "logged-in");
  expectType(await one.setPreference("base", "0"), "saved");
  expectType(await one.sync(), "synced");
  expectType(await two.login(account), "logged-in");
  expectType(await two.sync(), "synced");
  expectType(await two.setPreference("two", "2"), "saved");
  expectType(await two.sync(), "synced");
  expectType(await one.setPreference("one", "1"), "saved");
  return { one, two, name, email };
}

/** Runs `work` on a device whose process dies at the given file step. */
async function dieIn(
  name: string,
  death: Death | null,
  work: (device: Device) => Promise<unknown>,
  settings: OpenSettings = {},
): Promise<number> {
  const crashing = createCrashingSteps(death);
  const device = devices.open(name, { ...settings, steps: crashing.steps });
  const done = work(device);
  const survived = await done.then(
    () => true,
    (error: unknown) => {
      if (error instanceof ClientError && error.cause instanceof Killed) return false;
      throw error;
    },
  );
  if (survived !== (death === null)) throw new Error("it was to die");
  return crashing.count();
}

/** Everybody ends with the same wallet, with every edit and every key, and then falls silent. */
async function expectCalm({ one, two }: Pair, ids: readonly string[]): Promise<void> {
  expectType(await one.sync(), "synced");
  expectType(await two.sync(), "synced");
  expectType(await one.sync(), "synced");
  expect(sameContent(await walletOf(one), await walletOf(two))).toBe(true);
  expect(await preferencesOf(two)).toEqual({ base: "0", one: "1", two: "2" });
  expect(await accountIdsOf(two)).toEqual(ids);
  expect(await two.sync()).toMatchObject({ pulled: false, pushed: false });
}

const moments = ["before", "halfway", "after"] as const;

describe("a device that is killed", () => {
  const operations: Record<string, (device: Device) => Promise<unknown>> = {
    pull: async (device) => await device.pull(),
    sync: async (device) => await device.sync(),
    setPreference: async (device) => await device.setPreference("one", "1"),
  };
  const cases = [
    ["pull", "after", "keys"] as const,
    ...Object.keys(operations).flatMap((name) =>
      moments.map((moment) => [name, moment, "preferences"] as const),
    ),
  ];

  it.each(cases)(
    "[P3C-16] [P3C-33] in %s, %s any file step, loses and doubles no %s",
    async (operation, moment, kind) => {
      const work = operations[operation];
      if (work === undefined) throw new TypeError(operation);
      const rehearsal = await diverged(kind);
      const steps = await dieIn(rehearsal.name, null, work);
      expect(steps).toBeGreaterThanOrEqual(6);
      for (let step = 1; step <= steps; step += 1) {
        const pair = await diverged(kind);
        const ids = await accountIdsOf(pair.one);
        await dieIn(pair.name, { step, moment }, work);
        await expectCalm(pair, ids);
        // Revision 2 was two's edit; 3 is everything together, and nobody needed a fourth.
        expect(await syncedSequence(pair.one)).toBe(3);
      }
    },
  );

  it.each(moments)(
    "[P3C-24] [P3C-25] in push, %s any file step, has pushed once or not at all",
    async (moment) => {
      const push = async (device: Device): Promise<unknown> => await device.push();
      const prepare = async (): Promise<Pair> => {
        const pair = await diverged();
        expectType(await pair.one.pull(), "pulled");
        return pair;
      };
      const steps = await dieIn((await prepare()).name, null, push);
      for (let step = 1; step <= steps; step += 1) {
        const pair = await prepare();
        const ids = await accountIdsOf(pair.one);
        await dieIn(pair.name, { step, moment }, push);
        expectType(await pair.one.push(), "pushed");
        expect([3, 4]).toContain(await syncedSequence(pair.one));
        await expectCalm(pair, ids);
      }
    },
  );

  it.each(moments)(
    "[P3C-39] in a change of the password, %s any file step, can always get back in",
    async (moment) => {
      const change = async (device: Device): Promise<unknown> =>
        await device.changePassword({ newPassword });
      const prepare = async (): Promise<Pair> => {
        const pair = await diverged();
        expectType(await pair.one.sync(), "synced");
        return pair;
      };
      const steps = await dieIn((await prepare()).name, null, change);
      for (let step = 1; step <= steps; step += 1) {
        const pair = await prepare();
        const ids = await accountIdsOf(pair.one);
        await dieIn(pair.name, { step, moment }, change);
        // With whichever password the host now has, and without being asked for it.
        expectType(await pair.one.login(), "logged-in");
        const isChanged = (await readProfile(devices, pair.name))["secrets"];
        const { walletPassword } = isChanged as { walletPassword: string };
        if (walletPassword === newPassword.reveal()) {
          expectType(await pair.two.setLocalPassword({ password: newPassword }), "updated");
        }
        expect(expectType(await pair.one.status(), "status").hasLocalChanges).toBe(false);
        await expectCalm(pair, ids);
      }
    },
  );

  it.each(moments)(
    "[P3C-19] in registering, %s any file step, can register or log in afterwards",
    async (moment) => {
      const attempt = (email: string) => async (device: Device) =>
        await device.register({ server: host.url, email, password: newPassword });
      const steps = await dieIn(`reg-0-${moment}`, null, attempt(`reg-0-${moment}@example.com`));
      for (let step = 1; step <= steps; step += 1) {
        const name = `reg-${moment}-${step}`;
        const email = `${name}@example.com`;
        await dieIn(name, { step, moment }, attempt(email));
        const device = devices.open(name);
        const again = await attempt(email)(device);
        expect(["registered", "profile-exists"]).toContain(again.type);
        expectType(await device.login(), "logged-in");
        expect(await device.push()).toMatchObject({ type: "pushed", sequence: 1 });
      }
    },
  );
});

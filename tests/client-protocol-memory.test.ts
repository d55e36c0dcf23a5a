/** No way back from protocol 4 to protocol 3, whoever calls and whatever a host says. */
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createProtocol3Source,
  createWalletClient,
  type Device,
  type ProtocolMemory,
  rememberProtocol4,
  Secret,
  wasUsedWithProtocol4,
} from "@holdfast/client";
import {
  createNodeDevice,
  nodePlatform,
  openProtocolMemoryFolder,
  openWalletFolder,
} from "@holdfast/client/node";
import {
  createProtocol4Source,
  openWebSocket,
  register,
  type RegisterOutcome4,
} from "@holdfast/client/protocol-4";
import { createProtocolMemory, rejectedCode } from "@holdfast/testing";
import { lbryFormat } from "@holdfast/wallet/lbry";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { registerOn } from "./client/account-4.ts";
import { cheapScrypt } from "./client/cheap-scrypt.ts";
import {
  createTestDevices,
  email,
  expectType,
  password,
  preferencesOf,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";
import { createPlatform } from "./protocol-4/device-4.ts";
import { createFaults } from "./protocol-4/faults.ts";

let host: TestHost;
let devices: TestDevices;

const newPassword = "gravel umbrella cactus";

beforeEach(async () => {
  host = await startTestHost();
  devices = await createTestDevices();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await host.close();
  await devices.remove();
});

/** A host at the same address that speaks protocol 3 and nothing else any more, to everybody, and notes what it is told. */
function createDowngradedHost() {
  const told: string[] = [];
  const answers: Readonly<Record<string, unknown>> = {
    "/api/3/client-salt-seed": { clientSaltSeed: "ab".repeat(32) },
    "/api/3/auth/full": {
      token: "ab".repeat(32),
      deviceId: "device",
      scope: "*",
      userId: 1,
      expiration: null,
    },
    "/api/3/signup": { verified: true },
  };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    told.push(`${init?.method ?? "GET"} ${pathname}`);
    const answer = answers[pathname];
    return await Promise.resolve(
      answer === undefined ? new Response("", { status: 404 }) : Response.json(answer),
    );
  };
  return { told, fetch };
}

async function registerAccount4(device: Device, id = email): Promise<RegisterOutcome4> {
  const input = { id, password: newPassword, deviceName: "one" };
  return (await registerOn(device, { host: new URL(host.url), ...input })) as RegisterOutcome4;
}

describe("a device", () => {
  it("[P4K-5] that used an account with protocol 4 tells a host nothing of protocol 3 for it, in any profile", async () => {
    const protocolMemory = createProtocolMemory();
    const ports = { protocolMemory };
    expectType(await registerAccount4(devices.open("one", { ports })), "registered");
    const evil = createDowngradedHost();
    const account = { server: host.url, email: "JOE@example.com", password };
    const other = devices.open("other", { ports: { ...ports, fetch: evil.fetch } });
    const refused = { type: "protocol-4-account" };
    expect(await other.register(account)).toEqual(refused);
    expect(await other.login(account)).toEqual(refused);
    expect(await other.updateSecrets(account)).toEqual(refused);
    expect(evil.told).toEqual([]);
    expect(existsSync(join(devices.folder("other"), "profile.json"))).toBe(false);
    // The host itself is fine: it is one account that is used with protocol 4.
    expectType(await other.login({ ...account, email: "ann@example.com" }), "logged-in");
    expect(evil.told).toEqual(["GET /api/3/client-salt-seed", "POST /api/3/auth/full"]);
  });

  it("[P4K-5] with an older profile of protocol 3 sends nothing from it any more, and keeps the wallet", async () => {
    const protocolMemory = createProtocolMemory();
    const ports = { protocolMemory };
    const old = await devices.registered("old", host.url, { ports });
    await old.setPreference("animal", "cow");
    expectType(await old.sync(), "synced");
    const one = await devices.loggedIn("one", host.url, { ports });
    expectType(await one.protocol4.upgrade({ newPassword, deviceName: "one" }), "upgraded");
    const evil = createDowngradedHost();
    const device = devices.open("old", { ports: { ...ports, fetch: evil.fetch } });
    const refused = { type: "protocol-4-account" };
    const next = new Secret("typed for protocol 4");
    expect(await device.setPreference("car", "Audi")).toMatchObject({ type: "saved" });
    for (const call of [
      async () => await device.login(),
      async () => await device.login({ password: next }),
      async () => await device.setLocalPassword({ password: next }),
      async () => await device.updateSecrets({ server: host.url, email, password: next }),
      async () => await device.changePassword({ newPassword: next, syncFirst: true }),
      async () => await device.sync(),
      async () => await device.push(),
      async () => await device.pull(),
      async () => await device.protocol4.upgrade({ newPassword: "another", deviceName: "old" }),
    ])
      expect(await call()).toEqual(refused);
    expect(evil.told).toEqual([]);
    const joined = devices.open("old", { ports });
    const input = { password: newPassword, deviceName: "old" };
    expectType(await joined.protocol4.joinUpgraded(input), "logged-in");
    expectType(await joined.sync(), "synced");
    expect(await preferencesOf(joined)).toEqual({ animal: "cow", car: "Audi" });
  });

  it("[P4K-5] as an app makes it shares one memory with all programs of its person, whatever folder it has", async () => {
    vi.stubEnv("XDG_DATA_HOME", join(devices.root, "data"));
    const one = createNodeDevice(devices.folder("one"));
    expectType(await registerAccount4(one), "registered");
    const two = createNodeDevice(devices.folder("two"));
    const login = await two.login({ server: host.url, email, password });
    expect(login).toEqual({ type: "protocol-4-account" });
    const memory = join(devices.root, "data", "holdfast", "used-with-protocol-4");
    const [name = "", ...more] = await readdir(memory);
    expect(more).toEqual([]);
    expect(name).toMatch(/^[\w-]{43}$/u);
  });

  it("[P4K-5] puts nothing down for an account that the host did not make", async () => {
    const protocolMemory = createProtocolMemory();
    const ports = { protocolMemory };
    const owner = await devices.registered("owner", host.url);
    expectType(await owner.sync(), "synced");
    expectType(await registerAccount4(devices.open("new", { ports })), "id-taken");
    expect(protocolMemory.names.size).toBe(0);
    const other = devices.open("other", { ports });
    expectType(await other.login({ server: host.url, email, password }), "logged-in");
  });

  it("[P4K-68] takes no password for protocol 3 while it is not known whether an upgrade was made", async () => {
    const faults = createFaults();
    const one = await devices.registered("one", host.url, { ports: { fetch: faults.fetch } });
    await one.setPreference("animal", "cow");
    faults.lose("answer", "POST /upgrade");
    const upgrade = async () => await one.protocol4.upgrade({ newPassword, deviceName: "one" });
    expectType(await upgrade(), "unsettled");
    const evil = createDowngradedHost();
    const device = devices.open("one", { ports: { fetch: evil.fetch } });
    const typed = new Secret(newPassword);
    const unsettled = { type: "upgrade-unsettled" };
    expect(await device.login({ password: typed })).toEqual(unsettled);
    expect(await device.setLocalPassword({ password: typed })).toEqual(unsettled);
    expect(await device.updateSecrets({ server: host.url, email, password: typed })).toEqual(
      unsettled,
    );
    expect(await device.changePassword({ newPassword: typed })).toEqual(unsettled);
    expect(evil.told).toEqual([]);
    expect(await upgrade()).toMatchObject({ type: "upgraded", resumed: true });
    expectType(await one.sync(), "synced");
    expect(await preferencesOf(one)).toEqual({ animal: "cow" });
  });
});

describe("an app's wallet", () => {
  it("[P4K-5] [APP-15] over protocol 3 is refused what was used with protocol 4, in any store, and the host is told nothing", async () => {
    const protocolMemory = createProtocolMemory();
    const platform = { ...nodePlatform, protocolMemory };
    const first = createWalletClient({
      format: lbryFormat,
      store: openWalletFolder(devices.folder("first")),
      source: createProtocol4Source({
        host: new URL(host.url),
        deviceName: "app",
        format: lbryFormat,
        ...platform,
        openSocket: openWebSocket,
      }),
      ...platform,
    });
    await first.open();
    const unlocked = await first.unlock({ type: "register", id: email, password: newPassword });
    expect(unlocked).toEqual({ type: "unlocked" });
    await first.close();
    const evil = createDowngradedHost();
    for (const memory of [protocolMemory, unreadableMemory])
      for (const store of ["first", "second"]) {
        const client = createWalletClient({
          format: lbryFormat,
          store: openWalletFolder(devices.folder(store)),
          source: createProtocol3Source({
            server: host.url,
            ...platform,
            protocolMemory: memory,
            scrypt: cheapScrypt,
            fetch: evil.fetch,
          }),
          ...platform,
        });
        await client.open();
        for (const type of ["password", "sign-up"] as const)
          expect((await client.unlock({ type, email, password })).type).toBe(
            store === "first" ? "memory-failed" : "protocol-4-account",
          );
        await client.close();
      }
    expect(evil.told).toEqual([]);
  });
});

const unreadableMemory: ProtocolMemory = {
  has: async () => await Promise.reject(new Error("the disk failed")),
  add: async () => {
    await Promise.reject(new Error("the disk failed"));
  },
};

describe("the memory", () => {
  const one = new URL("https://one.example");

  it("[P4K-5] is written before an account is relied on", async () => {
    const { disk, ports } = createPlatform();
    const input = { host: new URL(host.url), id: email, password: newPassword, deviceName: "one" };
    await expect(
      register({ ...ports, protocolMemory: { ...ports.protocolMemory, ...failingToAdd } }, input),
    ).rejects.toThrow("the disk failed");
    // What is on the disk is still the registration that was about to be sent.
    expect(JSON.parse(disk.account ?? "{}")).toMatchObject({ session: null });
  });

  it("[P4K-5] as a folder loses nothing when programs write at the same time", async () => {
    const folder = join(devices.root, "memory");
    const ids = Array.from({ length: 20 }, (_, at) => `joe${at}@example.com`);
    await Promise.all(
      ids.map(async (id) => {
        await rememberProtocol4(openProtocolMemoryFolder(folder), one, id);
      }),
    );
    const memory = openProtocolMemoryFolder(folder);
    for (const id of ids) expect(await wasUsedWithProtocol4(memory, one, id)).toBe(true);
    expect(await wasUsedWithProtocol4(memory, one, "ann@example.com")).toBe(false);
    expect((await readdir(folder)).length).toBe(ids.length);
  });

  it("[P4K-5] that cannot be read does not open the way back", async () => {
    await writeFile(join(devices.root, "file"), "in the way");
    const evil = createDowngradedHost();
    const protocolMemory = openProtocolMemoryFolder(join(devices.root, "file", "memory"));
    const device = devices.open("one", { ports: { protocolMemory, fetch: evil.fetch } });
    const login = device.login({ server: host.url, email, password });
    expect(await rejectedCode(login)).toBe("storage-failed");
    expect(evil.told).toEqual([]);
  });
});

const failingToAdd: Pick<ProtocolMemory, "add"> = unreadableMemory;

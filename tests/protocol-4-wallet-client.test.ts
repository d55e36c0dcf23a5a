/** A wallet for an app, over protocol 4: nothing but the source of accounts is another one. */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createWalletClient, type Snapshot } from "@holdfast/client";
import { createRecoveryPhrase } from "@holdfast/crypto";
import {
  createProtocol4Source,
  type Credentials4,
  type HeldAccount,
  openWebSocket,
  setPasscode,
  setPassword,
} from "@holdfast/client/protocol-4";
import { openWalletFolder } from "@holdfast/client/node";
import { createProtocolMemory, createTemporaryFolder } from "@holdfast/testing";
import { createJsonFormat, type JsonValue } from "@holdfast/wallet/json";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock, systemRandomBytes } from "../packages/client/src/adapters/system.ts";
import { createRestartableHost, type RestartableHost } from "./chaos/restartable-host.ts";

const folder = createTemporaryFolder();
const format = createJsonFormat({ name: "notes" });
const id = "app@example.com";
const password = "correct horse";
const protocolMemory = createProtocolMemory();
const dataDir = join(folder.path, "host");
let server: RestartableHost;
let host: URL;

beforeAll(async () => {
  server = await createRestartableHost(dataDir);
  host = new URL(await server.start());
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

function createClient(name: string, network: typeof fetch = globalThis.fetch) {
  const accounts: HeldAccount[] = [];
  const source = createProtocol4Source({
    host,
    deviceName: name,
    format,
    openSocket: openWebSocket,
    protocolMemory,
    fetch: network,
    clock: systemClock,
    randomBytes: systemRandomBytes,
    onAccount: (account) => accounts.push(account),
  });
  const client = createWalletClient<JsonValue, Credentials4>({
    format,
    source,
    store: openWalletFolder(`${folder.path}/${name}`),
    clock: systemClock,
    randomBytes: systemRandomBytes,
  });
  const fields = (document: JsonValue | null) =>
    document instanceof Map ? (document as ReadonlyMap<string, JsonValue>) : new Map();
  return {
    client,
    account(): HeldAccount {
      const account = accounts.at(-1);
      if (account === undefined) throw new Error("locked");
      return account;
    },
    set: async (key: string, value: JsonValue) =>
      await client.edit((document) => new Map([...fields(document), [key, value]])),
    shown: () => Object.fromEntries(fields(client.snapshot().document)),
    /** Resolves with the first snapshot, this one included, that is as wanted. */
    async until(isMet: (snapshot: Snapshot<JsonValue>) => boolean): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const look = (): void => {
        if (isMet(client.snapshot())) resolve(undefined);
      };
      const stop = client.subscribe(look);
      look();
      await promise;
      stop();
    },
  };
}

test("[P4K-60] [P4K-25] two apps hear of each other's edits, and one of another's new password", async () => {
  const phrase = createRecoveryPhrase(systemRandomBytes);
  const one = createClient("one");
  const two = createClient("two");
  for (const { client } of [one, two]) expect(await client.open()).toMatchObject({ type: "open" });
  const signUp = { type: "register", id, password, phrase } as const;
  expect(await one.client.unlock(signUp)).toEqual({ type: "unlocked" });
  await one.set("cow", 1n);
  await one.until(({ status }) => status.type === "saved");
  const wrong = { type: "password", id, password: "wrong" } as const;
  expect(await two.client.unlock(wrong)).toMatchObject({ type: "credentials-refused" });
  expect(await two.client.unlock({ ...wrong, password })).toEqual({ type: "unlocked" });
  expect(two.shown()).toEqual({ cow: 1n });

  // Without a word to either: the host's events bring it.
  await two.set("horse", 2n);
  await one.until(() => "horse" in one.shown());
  const history = await one.client.history();
  expect(history).toMatchObject({
    type: "revisions",
    revisions: [{ sequence: 2 }, { sequence: 1 }],
  });
  expect(await one.client.restore(1)).toMatchObject({ type: "saved" });
  await two.until(() => !("horse" in two.shown()));

  expect(await setPasscode(two.account(), "1234")).toEqual({ type: "set" });
  expect(await setPassword(one.account(), "another horse")).toEqual({ type: "changed" });
  await two.until(({ status }) => status.type === "needs-password");
  // The device that changed it goes on by itself, with its new session.
  await one.set("goat", 4n);
  await one.until(({ status }) => status.type === "saved");
  await two.set("sheep", 3n);
  expect(await two.client.unlock({ type: "phrase", phrase })).toEqual({ type: "unlocked" });
  await two.until(({ status }) => status.type === "saved");
  expect(two.shown()).toEqual({ cow: 1n, goat: 4n, sheep: 3n });
  await one.until(() => "sheep" in one.shown());
  for (const { client } of [one, two]) expect(await client.close()).toBe(true);
});

test("[P4K-40] [P4K-36] what a device remembers opens without a host by passcode or phrase, and holds no key", async () => {
  const phrase = createRecoveryPhrase(systemRandomBytes);
  const first = createClient("offline");
  await first.client.open();
  const signUp = { type: "register", id: `offline-${id}`, password, phrase } as const;
  expect(await first.client.unlock(signUp)).toEqual({ type: "unlocked" });
  await first.set("cow", 1n);
  await first.until(({ status }) => status.type === "saved");
  await setPasscode(first.account(), "1234");
  const key = Buffer.from(first.account().unlocked?.accountKey.expose() ?? []);
  const stored = readFileSync(join(folder.path, "offline", "account.json"), "utf8");
  expect(stored).not.toContain(key.toString("base64url"));
  await first.client.close();

  // The host is gone.
  const again = createClient(
    "offline",
    async () => await Promise.reject(new TypeError("no network")),
  );
  await again.client.open();
  const wrong = { type: "passcode", passcode: "4321" } as const;
  expect(await again.client.unlock(wrong)).toMatchObject({ type: "credentials-refused" });
  const other = createRecoveryPhrase(systemRandomBytes);
  expect(await again.client.unlock({ type: "phrase", phrase: other })).toMatchObject({
    type: "credentials-refused",
  });
  expect(await again.client.unlock({ type: "phrase", phrase })).toEqual({ type: "unlocked" });
  await again.client.lock();
  const right = { type: "passcode", passcode: "1234" } as const;
  expect(await again.client.unlock(right)).toEqual({ type: "unlocked" });
  expect(again.shown()).toEqual({ cow: 1n });
  await again.client.close();
});

test("[SYNC-12] [P4K-59] an app gives a host that was restored from a backup what it lost, and no app notices more of it", async () => {
  const one = createClient("healing");
  const two = createClient("waiting");
  for (const { client } of [one, two]) await client.open();
  const person = { id: `healed-${id}`, password };
  expect(await one.client.unlock({ type: "register", ...person })).toEqual({ type: "unlocked" });
  await one.set("cow", 1n);
  await one.until(({ status }) => status.type === "saved");
  expect(await two.client.unlock({ type: "password", ...person })).toEqual({ type: "unlocked" });
  const backup = join(folder.path, "backup");
  await server.stop();
  cpSync(dataDir, backup, { recursive: true });
  await server.start();
  await one.set("horse", 2n);
  expect(await one.client.sync()).toEqual({ type: "saved" });
  expect(await two.client.sync()).toEqual({ type: "saved" });
  const before = await two.client.history();

  await server.stop();
  rmSync(dataDir, { recursive: true });
  cpSync(backup, dataDir, { recursive: true });
  await server.start();
  for (const { client } of [one, two])
    expect(await client.sync()).toMatchObject({
      type: "host-misbehaves",
      problem: { name: "rolled-back" },
    });
  expect(await one.client.decide("heal")).toEqual({ type: "saved" });
  expect(await two.client.decide("try-again")).toEqual({ type: "saved" });
  // The very revisions that were there, and none on top of them.
  expect(await two.client.history()).toEqual(before);
  expect(two.shown()).toEqual({ cow: 1n, horse: 2n });
  for (const { client } of [one, two]) expect(await client.close()).toBe(true);
});

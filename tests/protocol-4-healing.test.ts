/** A host that came back from yesterday's backup: every device reports it, one of them heals it, none loses anything. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  contactHost,
  createWallet,
  healHost,
  logInAgain,
  renewSession,
  rotate,
  setPassword,
} from "@holdfast/client/protocol-4";
import {
  createHostileHost,
  createTemporaryFolder,
  type ServerProcess,
  startServerProcess,
} from "@holdfast/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWallet, type SyncedWallet } from "./protocol-4/device-4.ts";
import { createFaults } from "./protocol-4/faults.ts";
import { type Held, loggedIn, newPerson, registered } from "./protocol-4/scene.ts";

const host = new URL("http://holdfast.test");
let folder: ReturnType<typeof createTemporaryFolder>;
let server: ServerProcess;
let one: Held;
let two: Held;
let wallet: SyncedWallet;
const open: SyncedWallet[] = [];

/** The host keeps its name wherever it listens. */
const network: { fetch: typeof fetch } = { fetch: globalThis.fetch };
const viaNetwork = (async (input: URL, init: RequestInit) =>
  await network.fetch(input, init)) as typeof fetch;

async function start(): Promise<void> {
  const env = { HOLDFAST_PUBLIC_URL: host.origin };
  server = await startServerProcess({ dataDir: join(folder.path, "data"), env });
  network.fetch = createHostileHost(new URL(server.url)).fetch;
}

async function backUp(): Promise<void> {
  await server.stop();
  cpSync(join(folder.path, "data"), join(folder.path, "backup"), { recursive: true });
  await start();
}

async function restore(): Promise<void> {
  await server.stop();
  rmSync(join(folder.path, "data"), { recursive: true });
  cpSync(join(folder.path, "backup"), join(folder.path, "data"), { recursive: true });
  await start();
}

function opened(...input: Parameters<typeof openWallet>): SyncedWallet {
  const wallet = openWallet(...input);
  open.push(wallet);
  return wallet;
}

const person = newPerson();

beforeEach(async () => {
  folder = createTemporaryFolder();
  await start();
  one = await registered(host, person, { fetch: viaNetwork });
  two = await loggedIn(host, person, { fetch: viaNetwork });
  wallet = opened(one.account);
  await wallet.edit({ cow: 1 });
  await backUp();
  await wallet.edit({ horse: 2 });
  await wallet.edit({ sheep: 3 });
});
afterEach(async () => {
  for (const { driver } of open.splice(0)) driver.stop();
  await server.stop();
  folder.remove();
});

test("[P4K-59] a push whose answer was lost is kept like any other, and heals the host", async () => {
  const faults = createFaults(network.fetch);
  network.fetch = faults.fetch;
  faults.lose("answer", "PUT /wallets/default");
  await wallet.edit({ goat: 4 });
  expect(wallet.driver.state().record.inFlight).not.toBeNull();
  await wallet.syncNow();
  await wallet.edit({ pig: 5 });
  const { synced } = wallet.driver.state().record;
  expect(synced.sequence).toBe(5);
  await restore();
  expect(await healHost(one.account)).toEqual({ type: "healed", states: 0, revisions: 4 });
  await wallet.syncNow();
  expect(wallet.driver.state().record.synced).toEqual(synced);
});

test("[P4K-59] states and revisions that the host lost come back from a device, without a fork", async () => {
  const savings = await createWallet(one.account, "savings");
  if (savings.type !== "created") throw new Error(savings.type);
  const gold = opened(one.account, { walletId: savings.walletId });
  await gold.edit({ gold: 5 });
  const other = opened(two.account);
  await other.driver.whenQuiet();
  expect(other.view()).toEqual({ cow: 1, horse: 2, sheep: 3 });

  await restore();
  for (const { account } of [one, two])
    expect(await contactHost(account)).toMatchObject({
      type: "host-misbehaves",
      fault: "rollback",
    });
  await wallet.syncNow();
  expect(wallet.driver.state().record.problem?.name).toBe("rolled-back");
  expect(wallet.view()).toEqual({ cow: 1, horse: 2, sheep: 3 });

  expect(await healHost(one.account)).toEqual({ type: "healed", states: 1, revisions: 3 });
  expect(await healHost(one.account)).toEqual({ type: "healed", states: 0, revisions: 0 });
  for (const each of [wallet, other]) {
    each.driver.dispatch({ type: "decided", decision: "try-again" });
    await each.driver.whenQuiet();
    expect(each.driver.state().record.problem).toBeNull();
  }
  await other.edit({ goat: 4 });
  await wallet.syncNow();
  expect(wallet.view()).toEqual({ cow: 1, horse: 2, sheep: 3, goat: 4 });
  expect(wallet.driver.state().record.synced.sequence).toBe(4);
});

test("[P4K-59] a password that the host lost is registered again", async () => {
  expect(await setPassword(one.account, "another horse")).toEqual({ type: "changed" });
  await restore();
  // Its token is of later than the backup; its key is still the account's.
  expect(await contactHost(one.account)).toEqual({ type: "session-ended" });
  expect(await renewSession(one.account)).toMatchObject({ fault: "rollback" });
  expect(await logInAgain(one.account, { password: "another horse" })).toEqual({
    type: "login-refused",
  });
  expect(await healHost(one.account)).toEqual({ type: "password-needed" });
  expect(await healHost(one.account, { password: "another horse" })).toEqual({
    type: "healed",
    states: 2,
    revisions: 2,
  });
  expect(await contactHost(one.account)).toEqual({ type: "in-touch" });
  const fresh = await loggedIn(
    host,
    { ...person, password: "another horse" },
    { fetch: viaNetwork },
  );
  const seen = opened(fresh.account);
  await seen.driver.whenQuiet();
  expect(seen.view()).toEqual({ cow: 1, horse: 2, sheep: 3 });
});

test("[P4K-59] a rotation that the host lost takes the password of that time, and shuts the former device out again", async () => {
  expect(await rotate(one.account, { newPassword: "a safe horse" })).toMatchObject({
    type: "rotated",
    renewed: { type: "renewed" },
  });
  await restore();
  expect(await healHost(one.account)).toEqual({ type: "old-password-needed" });
  const wrong = { oldPassword: "a safe horse", password: "a safe horse" };
  expect(await healHost(one.account, wrong)).toEqual({ type: "login-refused" });
  const right = { oldPassword: person.password, password: "a safe horse" };
  expect(await healHost(one.account, right)).toMatchObject({ type: "healed", states: 2 });
  expect(await contactHost(one.account)).toEqual({ type: "in-touch" });
  expect(await contactHost(two.account)).toEqual({ type: "session-ended" });
  expect(await renewSession(two.account)).toEqual({ type: "login-refused" });
  const fresh = await loggedIn(
    host,
    { ...person, password: "a safe horse" },
    { fetch: viaNetwork },
  );
  const seen = opened(fresh.account);
  await seen.driver.whenQuiet();
  expect(seen.view()).toEqual({ cow: 1, horse: 2, sheep: 3 });
  await seen.edit({ goat: 4 });
  expect(seen.driver.state().differs).toBe(false);
});

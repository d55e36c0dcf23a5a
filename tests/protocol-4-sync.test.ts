import {
  type AccountEvent,
  contactHost,
  createWallet,
  endSession,
  listSessions,
  listWallets,
  logInByPassword,
  type SocketEvent4,
  watchAccount,
} from "@holdfast/client/protocol-4";
import { beforeAll, expect, test } from "vitest";
import { systemClock } from "../packages/client/src/adapters/system.ts";
import { createPlatform, openWallet } from "./protocol-4/device-4.ts";
import { createFaults } from "./protocol-4/faults.ts";
import { type Held, loggedIn, newPerson, registered, startHost } from "./protocol-4/scene.ts";

const person = newPerson();
const faults = createFaults();
/** The first device's clock, as far ahead as a test wants. */
let ahead = 0;
let host: URL;
let one: Held;
let two: Held;

startHost((url) => (host = url));
beforeAll(async () => {
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + ahead };
  one = await registered(host, person, { fetch: faults.fetch, clock });
  two = await loggedIn(host, person);
});

test("[P4K-23] a wallet that another device made is there after the next contact, and both write to it", async () => {
  const created = await createWallet(two.account, "savings");
  if (created.type !== "created") throw new Error(created.type);
  expect(await contactHost(one.account)).toEqual({ type: "in-touch" });
  expect(listWallets(one.account)).toEqual(listWallets(two.account));
  const { walletId } = created;
  const wallets = [one, two].map(({ account }) => openWallet(account, { walletId }));
  for (const [at, wallet] of wallets.entries()) await wallet.edit({ [`from ${at}`]: at });
  await wallets[0]?.syncNow();
  for (const wallet of wallets) {
    expect(wallet.view()).toEqual({ "from 0": 0, "from 1": 1 });
    wallet.driver.stop();
  }
});

test.each(["request", "answer"] as const)(
  "[P4K-55] a push whose %s was lost is sent again with the same bytes, and makes one revision",
  async (lost) => {
    const wallet = openWallet(one.account);
    await wallet.driver.whenQuiet();
    const before = wallet.driver.state().record.synced.sequence;
    faults.lose(lost, "PUT /wallets/default");
    await wallet.edit({ [lost]: 1 });
    const sealed = wallet.saved().inFlight?.revision;
    expect(sealed?.sequence).toBe(before + 1);
    wallet.driver.stop();
    const again = openWallet(one.account, { record: wallet.saved() });
    await again.driver.whenQuiet();
    expect(again.driver.state()).toMatchObject({
      differs: false,
      record: { inFlight: null, synced: { sequence: before + 1, hash: sealed?.hash } },
    });
    if (sealed === undefined) return;
    const repeated = await again.sync.push(sealed, new AbortController().signal);
    expect(repeated).toMatchObject({ type: "accepted", stored: { hash: sealed.hash } });
    again.driver.stop();
  },
);

test("[P4K-54] the first revision of a generation brings the writer's certificate, and no other does", async () => {
  const wallet = openWallet(one.account);
  await wallet.driver.whenQuiet();
  const { synced, line } = wallet.driver.state().record;
  const content = wallet.driver.state().record.local;
  const next = {
    content,
    sequence: synced.sequence + 1,
    parent: synced,
    line,
    keys: "current",
  } as const;
  expect(Object.keys((await wallet.sync.seal(next)).payload)).not.toContain("certificate");
  const first = { ...next, sequence: 1, parent: { sequence: 0, hash: "" } };
  expect(Object.keys((await wallet.sync.seal(first)).payload)).toContain("certificate");
  wallet.driver.stop();
});

test("[P4K-24] a session that grew old is renewed without asking, and one that somebody ended is not", async () => {
  const listed = await listSessions(two.account);
  if (listed.type !== "sessions") throw new Error(listed.type);
  const first = listed.sessions.find(({ name }) => name === "first")?.sessionId ?? "";
  expect(await endSession(two.account, first)).toEqual({ type: "ended" });
  expect(await contactHost(one.account)).toEqual({ type: "session-ended" });
  ahead = 400 * 24 * 60 * 60 * 1000;
  expect(await contactHost(one.account)).toEqual({ type: "in-touch" });
  ahead = 0;
});

test("[P4K-57] a new password goes through while edits wait to be pushed", async () => {
  const wallet = openWallet(one.account);
  await wallet.driver.whenQuiet();
  faults.lose("request", "PUT /wallets/default");
  await wallet.edit({ waiting: 1 });
  expect(wallet.driver.state().differs).toBe(true);
  wallet.sync.prepareNewPassword("another horse");
  const outcome = await wallet.sync.changePassword(null, new AbortController().signal);
  expect(outcome).toEqual({ type: "changed", keyId: wallet.sync.keyId });
  const login = { host, id: person.id, password: "another horse", deviceName: "check" };
  expect(await logInByPassword(createPlatform().ports, login)).toMatchObject({ type: "logged-in" });
  await wallet.syncNow();
  expect(wallet.driver.state().differs).toBe(false);
  expect(await wallet.sync.changePassword(null, new AbortController().signal)).toEqual({
    type: "refused",
  });
  wallet.driver.stop();
});

test("[P4K-61] what a host says over the socket is a hint at most, and nonsense is passed over", async () => {
  const stop = new AbortController();
  const heard: AccountEvent[] = [];
  const said: string[] = [];
  let speak = (_event: SocketEvent4): void => undefined;
  const end = watchAccount(one.account, {
    openSocket: (url, onEvent) => {
      expect(url.href).not.toContain(one.account.token?.reveal());
      speak = onEvent;
      return { send: (text) => said.push(text), close: () => undefined };
    },
    onEvent: (event) => heard.push(event),
    signal: stop.signal,
  });
  await Promise.resolve();
  speak({ type: "open" });
  expect(JSON.parse(said[0] ?? "")).toEqual({
    type: "authenticate",
    token: one.account.token?.reveal(),
  });
  const before = JSON.stringify(one.account.record);
  const wallet = {
    type: "wallet",
    walletId: "default",
    sequence: 900,
    hash: "h".repeat(43),
    deviceId: "d",
  };
  for (const text of [
    "no JSON",
    '{"type":"take-over"}',
    JSON.stringify({ ...wallet, sequence: -1 }),
    " ".repeat(300_000),
    JSON.stringify(wallet),
    JSON.stringify(wallet),
    '{"type":"credentials","epoch":1}',
  ])
    speak({ type: "message", text });
  expect(heard).toEqual([
    { type: "wallet", walletId: "default", sequence: 900 },
    { type: "wallet", walletId: "default", sequence: 900 },
    { type: "credentials", epoch: 1 },
  ]);
  expect(JSON.stringify(one.account.record)).toBe(before);
  stop.abort();
  expect(await end).toEqual({ type: "stopped" });
});

import {
  type AccountEvent,
  changeId,
  confirmMfa,
  createWallet,
  deleteAccount,
  disableMfa,
  endSession,
  exportAccount,
  HeldAccount,
  listHistory,
  listSessions,
  listWallets,
  logInAgain,
  logInByPassword,
  logOut,
  openOldRevision,
  openWebSocket,
  parseAccountRecord,
  register,
  renewRecoveryCodes,
  renewSession,
  setPassword,
  settleRegistration,
  showAccount,
  startMfa,
  watchAccount,
} from "@holdfast/client/protocol-4";
import { loadOpaqueClient } from "@holdfast/crypto";
import { createJsonFormat } from "@holdfast/wallet/json";
import { describe, expect, test } from "vitest";
import { createPlatform, openWallet, restart } from "./protocol-4/device-4.ts";
import { createFaults } from "./protocol-4/faults.ts";
import { loggedIn, newPerson, registered, startHost } from "./protocol-4/scene.ts";
import { totp } from "./protocol-4/totp.ts";

let host: URL;

startHost((url) => (host = url));

describe("an account of protocol 4", () => {
  test("[P4K-30] is registered, another device logs in by password, and both have the wallet", async () => {
    // Here with the real key stretching; the other tests need not wait for it.
    const real = { loadOpaque: loadOpaqueClient };
    const person = newPerson();
    const { account } = await registered(host, person, real);
    const wallet = openWallet(account);
    await wallet.edit({ cow: 1 });
    expect(wallet.driver.state()).toMatchObject({
      differs: false,
      record: { synced: { sequence: 1 } },
    });

    const wrong = { host, id: person.id, password: "wrong", deviceName: "two" };
    expect(await logInByPassword(createPlatform(real).ports, wrong)).toEqual({
      type: "login-refused",
    });
    const unknown = { ...wrong, id: "nobody@example.com" };
    expect(await logInByPassword(createPlatform(real).ports, unknown)).toEqual({
      type: "login-refused",
    });
    const two = await loggedIn(host, { ...person, id: ` ${person.id.toUpperCase()}` }, real);
    const other = openWallet(two.account);
    await other.driver.whenQuiet();
    expect(other.view()).toEqual({ cow: 1 });
    await other.edit({ horse: 2 });
    await wallet.edit({ sheep: 3 });
    await other.syncNow();
    for (const each of [wallet, other]) {
      expect(each.view()).toEqual({ cow: 1, horse: 2, sheep: 3 });
      expect(each.reports).toEqual([]);
      each.driver.stop();
    }
  });

  test.each(["request", "answer"] as const)(
    "[P4K-31] a registration whose %s was lost is settled after a restart, and makes one account",
    async (lost) => {
      const person = newPerson();
      const faults = createFaults();
      const platform = createPlatform({ fetch: faults.fetch });
      faults.lose(lost, "POST /accounts/finish");
      const outcome = await register(platform.ports, { host, ...person, deviceName: "first" });
      expect(outcome).toMatchObject({ type: "unsettled" });
      const account = restart(platform);
      expect(await settleRegistration(account)).toMatchObject({ type: "registered" });
      const { identity } = (await loggedIn(host, person)).account.record;
      expect(account.record).toMatchObject({ identity, pending: null });
      expect(await showAccount(account)).toMatchObject({ type: "shown" });
    },
  );

  test("[P4K-10] what a device remembers is read back whole, and damage is named and never quoted", async () => {
    const { platform, account } = await registered(host, newPerson());
    const text = platform.disk.account ?? "";
    expect(parseAccountRecord(text)).toEqual({ type: "account", record: account.record });
    expect(parseAccountRecord(text.slice(1))).toMatchObject({
      type: "damaged",
      detail: "it is not JSON",
    });
    expect(parseAccountRecord(text.replace('"version":1', '"version":2'))).toMatchObject({
      type: "damaged",
      detail: "a newer version of Holdfast wrote it",
    });
    expect(parseAccountRecord(text.replace('"states"', '"estates"'))).toMatchObject({
      type: "damaged",
      detail: "its states is wrong",
    });
  });

  test("[P4K-37] its devices are listed and logged out; a token alone cannot", async () => {
    const person = newPerson();
    const one = await registered(host, person);
    const two = await loggedIn(host, person);
    const listed = await listSessions(one.account);
    if (listed.type !== "sessions") throw new Error(listed.type);
    expect(new Map(listed.sessions.map(({ name, current }) => [name, current]))).toEqual(
      new Map([
        ["first", true],
        ["second", false],
      ]),
    );
    const second = listed.sessions.find(({ current }) => !current);
    const sessionId = second?.sessionId ?? "";
    const withoutKeys = restart(one.platform);
    withoutKeys.lock();
    expect(await endSession(withoutKeys, sessionId)).toEqual({ type: "locked" });
    expect(await endSession(one.account, sessionId)).toEqual({ type: "ended" });
    expect(await endSession(one.account, sessionId)).toEqual({ type: "unknown-session" });
    expect(await showAccount(two.account)).toEqual({ type: "session-ended" });
    // Ended by somebody and not grown old: the device does not log in by itself, and keeps what it has.
    const wallet = openWallet(two.account);
    await wallet.edit({ cow: 1 });
    expect(wallet.driver.state().access).toEqual({ type: "refused" });
    expect(wallet.view()).toEqual({ cow: 1 });
    wallet.driver.stop();

    expect(await logOut(one.account)).toEqual({ type: "logged-out", hostTold: true });
    expect(one.platform.disk.account).not.toContain("accountKey");
    expect(await logInAgain(restart(one.platform), person)).toMatchObject({ type: "logged-in" });
  });

  test("[P4K-38] a second factor is asked for at logins from then on, and goes away only by a signed request", async () => {
    const person = newPerson();
    const { account } = await registered(host, person);
    const started = await startMfa(account);
    if (started.type !== "started") throw new Error(started.type);
    const { enrolmentId, secret } = started;
    const confirmed = await confirmMfa(account, { enrolmentId, code: totp(secret, 0) });
    if (confirmed.type !== "codes") throw new Error(confirmed.type);
    expect(await startMfa(account)).toEqual({ type: "mfa-on" });

    const platform = createPlatform();
    const login = { host, ...person, deviceName: "two" };
    const asked = await logInByPassword(platform.ports, login);
    if (asked.type !== "mfa-required") throw new Error(asked.type);
    expect(platform.disk.account).toBeNull();
    const refused = await asked.withCode("000000");
    if (refused.type !== "mfa-refused") throw new Error(refused.type);
    const [code = ""] = confirmed.recoveryCodes;
    expect(await refused.withCode(code)).toMatchObject({ type: "logged-in" });
    const renewal = await renewSession(account);
    if (renewal.type !== "mfa-required") throw new Error(renewal.type);
    expect(await renewal.withCode(code)).toMatchObject({ type: "mfa-refused" });
    const [next = ""] = confirmed.recoveryCodes.slice(1);
    expect(await renewal.withCode(next)).toMatchObject({ type: "logged-in" });

    expect(await renewRecoveryCodes(account)).toMatchObject({ type: "codes" });
    expect(await disableMfa(account)).toEqual({ type: "disabled" });
    expect(await disableMfa(account)).toEqual({ type: "mfa-off" });
  });

  test("[P4K-37] its address changes, its wallets are listed, and it can be deleted", async () => {
    const person = newPerson();
    const { account } = await registered(host, person);
    const created = await createWallet(account, "  savings ");
    expect(created).toMatchObject({ type: "created" });
    expect(await createWallet(account, "savings")).toEqual({ type: "name-taken" });
    expect(await createWallet(account, "\n")).toEqual({ type: "malformed-name" });
    expect(listWallets(account)).toMatchObject({
      wallets: [{ walletId: "default", name: "default" }, { name: "savings" }],
    });
    const id = `moved-${person.id}`;
    expect(await changeId(account, id)).toEqual({ type: "changed", id });
    expect(await loggedIn(host, { ...person, id })).toMatchObject({ account: {} });
    expect(await deleteAccount(account)).toEqual({ type: "deleted" });
    const gone = { host, ...person, id, deviceName: "late" };
    expect(await logInByPassword(createPlatform().ports, gone)).toEqual({ type: "login-refused" });
  });

  test("[P4K-58] [P4K-63] an older revision is taken up again as an edit on the newest, and the newest is exported", async () => {
    const { account } = await registered(host, newPerson());
    const wallet = openWallet(account);
    for (const change of [{ cow: 1 }, { cow: 2 }, { cow: 3 }]) await wallet.edit(change);
    const history = await listHistory(account, "default" as never);
    if (history.type !== "history") throw new Error(history.type);
    expect(history.entries.map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
    const format = createJsonFormat({ name: "notes" });
    const old = await openOldRevision(account, "default" as never, format, 1);
    if (old.type !== "opened") throw new Error(old.type);
    expect(await openOldRevision(account, "default" as never, format, 9)).toEqual({
      type: "no-revision",
    });
    wallet.sync.markRestore();
    const content = format.edit(wallet.driver.state().record.local, old.content.document, 1);
    wallet.driver.dispatch({ type: "edited", editId: 99, content });
    await wallet.driver.whenQuiet();
    expect(wallet.view()).toEqual({ cow: 1 });
    expect(wallet.driver.state().record.synced.sequence).toBe(4);
    const exported = await exportAccount(account);
    if (exported.type !== "exported") throw new Error(exported.type);
    expect(JSON.parse(exported.text)).toMatchObject({
      identity: account.record.identity,
      devices: [{ name: "first" }],
      wallets: [{ name: "default", sequence: 4, format: "notes" }],
    });
    wallet.driver.stop();
  });
});

describe("the events socket", () => {
  test.each(["token", "ticket"] as const)(
    "[P4K-60] (%s) tells where everything stands, then of wallets and credentials, and ends with the session",
    async (greeting) => {
      const person = newPerson();
      const one = await registered(host, person);
      const two = await loggedIn(host, person);
      const stop = new AbortController();
      const events = listen();
      const end = watchAccount(two.account, {
        openSocket: openWebSocket,
        onEvent: events.add,
        signal: stop.signal,
        greeting,
      });
      await events.next("connected");
      expect(await events.next("credentials")).toMatchObject({ epoch: 1 });
      const wallet = openWallet(one.account);
      await wallet.edit({ cow: 1 });
      expect(await events.next("wallet", 1)).toMatchObject({ walletId: "default" });
      const savings = await createWallet(one.account, "savings");
      expect(savings.type).toBe("created");
      expect(await events.next("credentials", 2)).toBeDefined();
      await setPassword(one.account, "another horse");
      expect(await end).toEqual({ type: "session-ended" });
      stop.abort();
      wallet.driver.stop();
    },
  );

  test("[P4K-62] connects again by itself after the host was away, and hears what it missed", async () => {
    const { account } = await registered(host, newPerson());
    const stop = new AbortController();
    const events = listen();
    const sockets: { close(): void }[] = [];
    const watching = watchAccount(withClock(account), {
      openSocket: (url, onEvent) => {
        const socket = openWebSocket(url, onEvent);
        sockets.push(socket);
        return socket;
      },
      onEvent: events.add,
      signal: stop.signal,
    });
    await events.next("connected");
    sockets[0]?.close();
    await events.next("disconnected");
    await events.next("connected");
    stop.abort();
    expect(await watching).toEqual({ type: "stopped" });
    expect(sockets).toHaveLength(2);
  });
});

/** The same account on a clock that does not wait between connections; the patience with one is as long as ever. */
function withClock({ ports, record }: HeldAccount): HeldAccount {
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms === 15_000) await ports.clock.sleep(ms, signal);
  };
  return new HeldAccount({ ...ports, clock: { nowMs: () => ports.clock.nowMs(), sleep } }, record);
}

function listen() {
  const heard: AccountEvent[] = [];
  let wake = (): void => undefined;
  return {
    add: (event: AccountEvent): void => {
      heard.push(event);
      wake();
    },
    /** The next such event, of at least this sequence or epoch; what came before it is passed over. */
    async next(type: AccountEvent["type"], least = 0): Promise<AccountEvent> {
      for (;;) {
        const event = heard.shift();
        if (event === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (event.type === type && positionOf(event) >= least) return event;
      }
    },
  };
}

function positionOf(event: AccountEvent): number {
  if (event.type === "wallet") return event.sequence;
  return event.type === "credentials" ? event.epoch : 0;
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret, type Device } from "@holdfast/client";
import { startRelay, type Relay } from "./client/relay.ts";
import {
  createTestDevices,
  createTickingClock,
  expectType,
  password,
  preferencesOf,
  readProfile,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";
import {
  createSleepyClock,
  startWatching,
  type SleepyClock,
  type Watching,
} from "./client/watching.ts";

let host: TestHost;
let relay: Relay;
let devices: TestDevices;
let clock: SleepyClock;
let one: Device;
let two: Device;
let watching: Watching;

const pollMs = 5 * 60_000;
const isPoll = (ms: number): boolean => ms === pollMs;
const isBackoff = (ms: number): boolean => ms < pollMs;

beforeEach(async () => {
  host = await startTestHost();
  relay = await startRelay(host.url);
  devices = await createTestDevices();
  clock = createSleepyClock(createTickingClock());
  // One writes past the relay, so that what the relay does concerns the watching device alone.
  one = await devices.registered("one", host.url);
  expectType(await one.setPreference("animal", "cow"), "saved");
  expectType(await one.sync(), "synced");
  await devices.loggedIn("two", relay.url);
  two = devices.open("two", { clock });
});
afterEach(async () => {
  await watching.stop();
  await relay.close();
  await host.close();
  await devices.remove();
});

async function pushFromOne(value: string): Promise<void> {
  expectType(await one.setPreference("animal", value), "saved");
  expectType(await one.sync(), "synced");
}

describe("watching", () => {
  it("[P3C-40] pulls at once, and again at each notice", async () => {
    watching = startWatching(two);
    await watching.next("connected");
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "pulled", sequence: 1 });
    await pushFromOne("horse");
    expect(await watching.next("notice")).toEqual({ type: "notice", sequence: 2 });
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "pulled", sequence: 2 });
    expect(await preferencesOf(two)).toEqual({ animal: "horse" });
    expect(await watching.stop()).toEqual({ type: "stopped" });
  });

  it("[P3C-40] leaves the profile to other calls while nothing happens", async () => {
    watching = startWatching(two);
    await watching.next("acted");
    const other = devices.open("two", { lockWaitMs: 1000 });
    expectType(await other.setPreference("car", "Audi"), "saved");
    expect(await other.sync()).toMatchObject({ pushed: true });
    // The watch hears of this device's own push as well, and finds nothing to do.
    expect(await watching.next("notice")).toEqual({ type: "notice", sequence: 2 });
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "up-to-date" });
  });

  it("[P3C-40] that syncs pushes what other calls change on this device, as soon as they do", async () => {
    watching = startWatching(two, { action: "sync" });
    await watching.next("connected");
    expect((await watching.next("acted")).outcome).toMatchObject({ pushed: false });
    const other = devices.open("two");
    expectType(await other.setPreference("car", "Audi"), "saved");
    expect((await watching.next("acted")).outcome).toMatchObject({ pushed: true, sequence: 2 });
    expectType(await one.sync(), "synced");
    expect(await preferencesOf(one)).toEqual({ animal: "cow", car: "Audi" });
  });

  it("[SYNC-22] ends when two devices keep correcting each other", async () => {
    watching = startWatching(two, {
      action: async () =>
        await Promise.resolve({ type: "synced", pushed: true, corrected: true, sequence: 1 }),
    });
    for (let round = 1; round < 5; round += 1) {
      await watching.next("acted");
      relay.say("wallet-update:9");
    }
    expect(await watching.ended).toMatchObject({
      type: "needs-person",
      outcome: { type: "correcting-each-other", rounds: 5 },
    });
  });

  it("[P3C-40] does whatever else it was asked to do", async () => {
    let acts = 0;
    watching = startWatching(two, {
      action: async () => {
        acts += 1;
        return await Promise.resolve({ type: "synced" });
      },
    });
    await watching.next("acted");
    await pushFromOne("horse");
    await watching.next("acted");
    expect(acts).toBe(2);
  });

  it("[P3C-41] comes back after a broken connection and catches up", async () => {
    watching = startWatching(two);
    await watching.next("acted");
    await pushFromOne("horse");
    await watching.next("acted");
    relay.always("GET /api/3/", { type: "lose-request" });
    relay.cut();
    const { retryInMs } = await watching.next("disconnected");
    expect(retryInMs).toBe(1000);
    const waits = [];
    for (let attempt = 0; attempt < 4; attempt += 1) waits.push(await clock.wakeNext(isBackoff));
    expect(waits[0]).toBe(1000);
    expect(waits[3]).toBeGreaterThanOrEqual(4000);
    await pushFromOne("beaver");
    relay.clear();
    await clock.wakeNext(isBackoff);
    await watching.next("connected");
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "pulled", sequence: 3 });
    relay.cut();
    // It worked in between: the waiting starts from the beginning.
    expect((await watching.next("disconnected")).retryInMs).toBe(1000);
  });

  it("[P3C-41] works without a socket, where only those are blocked", async () => {
    relay.always("GET /api/3/websocket", { type: "answer", answer: { status: 502 } });
    watching = startWatching(two);
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "pulled", sequence: 1 });
    await pushFromOne("horse");
    await clock.wakeNext(isBackoff);
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "pulled", sequence: 2 });
  });

  it("[P3C-41] looks every few minutes even when no notice comes", async () => {
    watching = startWatching(two);
    await watching.next("acted");
    await clock.wakeNext(isPoll);
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "up-to-date" });
  });

  it("[P3C-42] logs in again by itself when its token ended", async () => {
    watching = startWatching(two);
    await watching.next("acted");
    const before = await readProfile(devices, "two");
    // The same device logging in elsewhere replaces its token.
    const copy = devices.open("copy");
    expectType(
      await copy.login({ server: host.url, email: "joe@example.com", password }),
      "logged-in",
    );
    relay.trick("GET /api/3/wallet", {
      type: "answer",
      answer: { status: 401, body: { error: "Unauthorized: Token Not Found" } },
    });
    await clock.wakeNext(isPoll);
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "session-ended" });
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "up-to-date" });
    expect((await readProfile(devices, "two"))["session"]).not.toEqual(before["session"]);
  });

  it("[P3C-42] starts without a token when it has the password", async () => {
    await two.logout();
    expectType(await two.login({ password }), "logged-in");
    expectType(await two.setLocalPassword({ password: new Secret("other") }), "updated");
    expectType(await two.setLocalPassword({ password }), "updated");
    expect(expectType(await two.status(), "status").isLoggedIn).toBe(false);
    watching = startWatching(two);
    expect((await watching.next("acted")).outcome).toEqual({ type: "not-logged-in" });
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "pulled" });
    await clock.wakeNext(isBackoff);
    await watching.next("connected");
  });

  it("[P3C-42] ends when the password was changed elsewhere, and says so", async () => {
    watching = startWatching(two);
    await watching.next("acted");
    expectType(
      await one.changePassword({ newPassword: new Secret("eggsandwich") }),
      "password-changed",
    );
    expect(await watching.ended).toMatchObject({ type: "credentials-refused" });
  });

  it("[P3C-42] ends when the host misbehaves, and says how", async () => {
    watching = startWatching(two);
    await watching.next("acted");
    relay.trick("GET /api/3/wallet", {
      type: "answer",
      answer: { status: 404, body: { error: "Not Found: No wallet" } },
    });
    await clock.wakeNext(isPoll);
    expect(await watching.ended).toMatchObject({
      type: "needs-person",
      outcome: { type: "host-misbehaves", fault: "rollback" },
    });
  });

  it("[P3C-42] is not misled by what else a host says over the socket", async () => {
    watching = startWatching(two);
    await watching.next("acted");
    relay.say("hello");
    relay.say("wallet-update:-1");
    relay.say("wallet-update:99999999999");
    relay.say("wallet-update:7");
    expect(await watching.next("notice")).toEqual({ type: "notice", sequence: 7 });
    expect((await watching.next("acted")).outcome).toMatchObject({
      type: "up-to-date",
      sequence: 1,
    });
  });

  it("[P3C-40] hears a notice that comes while it acts, with rubbish behind it", async () => {
    const acting = Promise.withResolvers<undefined>();
    watching = startWatching(two, {
      action: async () => {
        await acting.promise;
        return { type: "synced" };
      },
    });
    await watching.next("connected");
    relay.say("wallet-update:6");
    relay.say("wallet-update:7");
    relay.say("hello");
    // What was said is there by the time an answer over the same machine's network is.
    expectType(await one.pull(), "up-to-date");
    acting.resolve(undefined);
    expect(await watching.next("notice")).toEqual({ type: "notice", sequence: 7 });
  });

  it("[P3C-13] sends its token in a header, not in the address", async () => {
    watching = startWatching(two);
    await watching.next("connected");
    const { session } = await readProfile(devices, "two");
    const { token } = session as { token: string };
    const upgrade = relay.seen.find(({ url }) => url.startsWith("/api/3/websocket"));
    expect(upgrade).toMatchObject({ url: "/api/3/websocket" });
    expect(upgrade?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it("[P3C-13] learns that a host is an original one, which reads the token from the address only", async () => {
    relay.trick("GET /api/3/websocket", { type: "answer", answer: { status: 401 } });
    relay.trick("GET /api/3/wallet", {
      type: "answer",
      answer: { status: 400, body: { error: "Bad Request: Missing token parameter" } },
    });
    watching = startWatching(two);
    expect((await watching.next("acted")).outcome).toMatchObject({ type: "pulled" });
    const upgrade = relay.hear("GET /api/3/websocket");
    await clock.wakeNext(isBackoff);
    const { session } = await readProfile(devices, "two");
    const { token } = session as { token: string };
    expect((await upgrade).url).toBe(`/api/3/websocket?token=${token}`);
    await watching.next("connected");
  });
});

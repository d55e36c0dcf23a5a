import { once } from "node:events";
import {
  EVENTS_PATH_4,
  type HostEvent,
  limits4,
  operations4,
  type SocketGreeting,
  socketCloseCodes4,
} from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  callSigned,
  changePassword,
  type Device4,
  logIn,
  push,
  putChange,
  randomId,
  register,
  succeeded,
  update,
} from "../../testing/client-4.ts";
import { openTestSocket, startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
let server: TestServer;
let users = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const newDevice = () => register(server.url, `events${(users += 1)}@example.com`);

async function open(greeting: unknown) {
  const opened = await openTestSocket(`${server.url}${EVENTS_PATH_4}`);
  opened.socket.send(typeof greeting === "string" ? greeting : JSON.stringify(greeting));
  const next = async () => JSON.parse(await opened.nextMessage()) as HostEvent;
  return { ...opened, next };
}

const greet = (token: string): SocketGreeting => ({ type: "authenticate", token });

async function listen(device: Device4) {
  const opened = await open(greet(device.token));
  expect(await opened.next()).toMatchObject({ type: "ready" });
  return opened;
}

test("[P4-80] the first event says where everything stands", async () => {
  const device = await newDevice();
  await push(device, "one");
  const { next, socket } = await open(greet(device.token));
  expect(await next()).toEqual({
    type: "ready",
    epoch: 1,
    wallets: [
      {
        walletId: "default",
        generation: 1,
        sequence: 1,
        hash: device.head?.hash,
        updatedAt: expect.any(Number) as number,
      },
    ],
  });
  socket.close();
});

test("[P4-81] every device hears of a stored revision and of changed credentials", async () => {
  const device = await newDevice();
  const phone = await logIn(device, password, "phone");
  const sockets = [await listen(device), await listen(phone)];
  await push(device, "one");
  for (const { next } of sockets) {
    expect(await next()).toEqual({
      type: "wallet",
      walletId: "default",
      sequence: 1,
      hash: device.head?.hash,
      deviceId: "laptop",
    });
  }
  await putChange(device, update(device, { addWallets: ["Savings"] }));
  for (const { next, socket } of sockets) {
    expect(await next()).toEqual({ type: "credentials", epoch: 2 });
    socket.close();
  }
});

test("[P4-82] a password change ends every socket before its answer", async () => {
  const device = await newDevice();
  const phone = await logIn(device, password, "phone");
  const sockets = [await listen(device), await listen(phone)];
  await changePassword(device, "a new password");
  for (const { next, closed } of sockets) {
    expect(await next()).toEqual({ type: "session-ended" });
    expect((await closed).code).toBe(socketCloseCodes4.sessionEnded);
  }
  const again = await listen(device);
  again.socket.close();
});

test("[P4-82] a session that is ended alone closes its own sockets alone", async () => {
  const device = await newDevice();
  const phone = await logIn(device, password, "phone");
  const kept = await listen(device);
  const ended = await listen(phone);
  await device.call(operations4.endCurrentSession, { token: phone.token });
  expect(await ended.next()).toEqual({ type: "session-ended" });
  expect((await ended.closed).code).toBe(socketCloseCodes4.sessionEnded);
  await push(device, "one");
  expect(await kept.next()).toMatchObject({ type: "wallet", sequence: 1 });
  kept.socket.close();
});

test("[P4-82] a new login of a device ends the sockets of the one before", async () => {
  const device = await newDevice();
  const first = await logIn(device, password, "phone");
  const socket = await listen(first);
  await logIn(device, password, "phone");
  expect((await socket.closed).code).toBe(socketCloseCodes4.sessionEnded);
});

test("[P4-82] deleting the account closes everything", async () => {
  const device = await newDevice();
  const socket = await listen(device);
  expect((await callSigned(device, operations4.deleteAccount)).status).toBe(204);
  expect((await socket.closed).code).toBe(socketCloseCodes4.sessionEnded);
});

test("[P4-83] a ticket opens one socket", async () => {
  const device = await newDevice();
  const { ticket } = succeeded<{ ticket: string }>(
    await device.call(operations4.createTicket, { token: device.token }),
  );
  const greeting = { type: "authenticate", ticket };
  const first = await open(greeting);
  expect(await first.next()).toMatchObject({ type: "ready" });
  const second = await open(greeting);
  expect((await second.closed).code).toBe(socketCloseCodes4.sessionEnded);
  first.socket.close();
});

test.each([
  ["hello", socketCloseCodes4.badGreeting],
  [{ type: "authenticate" }, socketCloseCodes4.badGreeting],
  [{ type: "authenticate", token: "short" }, socketCloseCodes4.badGreeting],
  [greet(randomId(32)), socketCloseCodes4.sessionEnded],
])("[P4-83] a socket that does not say whose it is closes: %j", async (greeting, code) => {
  const { closed } = await open(greeting);
  expect((await closed).code).toBe(code);
});

test("[P4-83] a token in the URL opens nothing, and a second message ends the socket", async () => {
  const device = await newDevice();
  const opened = await openTestSocket(`${server.url}${EVENTS_PATH_4}?token=${device.token}`);
  await push(device, "one");
  expect(opened.messages).toEqual([]);
  opened.socket.close();
  const { socket, closed } = await listen(device);
  socket.send("more");
  expect((await closed).code).toBe(socketCloseCodes4.badGreeting);
});

test("[P4-84] all devices are told of a pairing", async () => {
  const device = await newDevice();
  const { next, socket } = await listen(device);
  const pairingId = randomId();
  const values = { pairingId };
  const { claim } = succeeded<{ claim: string }>(
    await device.call(operations4.startPairing, { body: values }),
  );
  await device.call(operations4.putPairing, {
    values,
    token: device.token,
    body: { message: "c2VhbGVk" },
  });
  await device.call(operations4.getPairing, { values, token: claim });
  expect(await next()).toEqual({ type: "pairing", pairingId, step: "sent", deviceId: "laptop" });
  expect(await next()).toEqual({
    type: "pairing",
    pairingId,
    step: "fetched",
    deviceId: "laptop",
  });
  socket.close();
});

test("[P4-82] a socket closes when its session runs out, and an open one keeps its session", async () => {
  let nowMs = Date.now();
  const own = await startTestServer({ clock: () => nowMs, timing: { sessionCheckMs: 20 } });
  const device = await register(own.url, "running-out@example.com");
  const watcher = await logIn(device, password, "watcher");
  const opened = await openTestSocket(`${own.url}${EVENTS_PATH_4}`);
  opened.socket.send(JSON.stringify(greet(device.token)));
  await opened.nextMessage();
  /** Until the host has seen the device now, by its socket alone. */
  const seenNow = async (): Promise<void> => {
    for (;;) {
      const { body } = await device.call(operations4.listSessions, { token: watcher.token });
      const sessions = body["sessions"] as { deviceId: string; lastSeenAt: number }[];
      const own = sessions.find(({ deviceId }) => deviceId === device.deviceId);
      if (own?.lastSeenAt === nowMs) return;
    }
  };
  for (const _ of [1, 2]) {
    nowMs += limits4.sessionMs - 1000;
    await seenNow();
  }
  nowMs += limits4.sessionMs;
  expect((await opened.closed).code).toBe(socketCloseCodes4.sessionEnded);
  const account = await device.call(operations4.getAccount, { token: device.token });
  expect(account.status).toBe(401);
  await own.close();
});

test("[P4-85] when the host stops, sockets close as going away", async () => {
  const own = await startTestServer();
  const device = await register(own.url, "stopping@example.com");
  const opened = await openTestSocket(`${own.url}${EVENTS_PATH_4}`);
  opened.socket.send(JSON.stringify(greet(device.token)));
  await opened.nextMessage();
  const silent = await openTestSocket(`${own.url}${EVENTS_PATH_4}`);
  const closed = once(silent.socket, "close");
  await own.close();
  expect((await opened.closed).code).toBe(1001);
  expect((await closed)[0]).toBe(1001);
});

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createSocketHub, type SocketHub } from "./socket-hub.ts";

const userId = 7;
const far = Number.MAX_SAFE_INTEGER;
let http: Server;
let upgrades: WebSocketServer;
let nowMs = 0;

beforeEach(async () => {
  http = createServer().listen(0, "127.0.0.1");
  upgrades = new WebSocketServer({ server: http, perMessageDeflate: false });
  await once(http, "listening");
});
afterEach(async () => {
  for (const socket of upgrades.clients) socket.terminate();
  upgrades.close();
  http.close();
  await once(http, "close");
});

const openHub = (changes: Partial<Parameters<typeof createSocketHub>[0]> = {}): SocketHub =>
  createSocketHub({
    maxSocketsPerUser: 2,
    pingIntervalMs: 60_000,
    closeTimeoutMs: 100,
    clock: () => nowMs,
    ...changes,
  });

/** Both ends of an open socket. */
async function openPair(): Promise<{ readonly host: WebSocket; readonly peer: WebSocket }> {
  const connected = once(upgrades, "connection");
  const { port } = http.address() as AddressInfo;
  const peer = new WebSocket(`ws://127.0.0.1:${port}`);
  const [host] = (await connected) as [WebSocket];
  await once(peer, "open");
  return { host, peer };
}

const messagesUntil = (peer: WebSocket, last: string): Promise<string[]> => {
  const messages: string[] = [];
  return new Promise((resolve) => {
    peer.on("message", (data: Buffer) => {
      messages.push(data.toString());
      if (data.toString() === last) resolve(messages);
    });
  });
};

test("[P3-63] a socket that reads along gets every notice", async () => {
  const hub = openHub();
  const { host, peer } = await openPair();
  hub.add({ userId, expiresAtMs: far, socket: host });
  const messages = messagesUntil(peer, "wallet-update:10");
  for (let sequence = 1; sequence <= 10; sequence += 1) hub.walletReplaced(userId, sequence);
  expect(await messages).toHaveLength(10);
});

test("[P3-63] a socket that is read too slowly misses notices, never the newest, and holds up nothing", async () => {
  const hub = openHub();
  const { host, peer } = await openPair();
  const quick = await openPair();
  hub.add({ userId, expiresAtMs: far, socket: host });
  hub.add({ userId, expiresAtMs: far, socket: quick.host });
  peer.pause();
  // Fills every buffer on the way, as a peer that stopped reading does.
  const filler = Buffer.alloc(8 * 1024 * 1024);
  const filled = new Promise((resolve) => host.send(filler, resolve));
  const quickMessages = messagesUntil(quick.peer, "wallet-update:500");
  for (let sequence = 1; sequence <= 500; sequence += 1) {
    hub.walletReplaced(userId, sequence);
    if (sequence % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await quickMessages).at(-1)).toBe("wallet-update:500");
  expect(host.bufferedAmount).toBeLessThan(filler.byteLength + 1024);

  const messages = messagesUntil(peer, "wallet-update:500");
  peer.resume();
  await filled;
  const notices = (await messages).filter((message) => message.startsWith("wallet-update"));
  expect(notices.length).toBeLessThanOrEqual(17);
  expect(notices.at(-1)).toBe("wallet-update:500");
});

test("[P3-64] a peer that answers pings stays, one that does not is cut off", async () => {
  const hub = openHub({ pingIntervalMs: 30 });
  const dead = await openPair();
  const alive = await openPair();
  dead.peer.pause();
  hub.add({ userId, expiresAtMs: far, socket: dead.host });
  hub.add({ userId, expiresAtMs: far, socket: alive.host });
  const [code] = (await once(dead.host, "close")) as [number];
  expect(code).toBe(1006);
  await once(alive.peer, "ping");
  await once(alive.peer, "ping");
  expect(alive.host.readyState).toBe(WebSocket.OPEN);
  expect(hub.size()).toBe(1);
  dead.peer.terminate();
});

test("[P3-64] a socket closes when its session expires", async () => {
  nowMs = 0;
  const hub = openHub({ pingIntervalMs: 20 });
  const { host, peer } = await openPair();
  hub.add({ userId, expiresAtMs: 1000, socket: host });
  await once(peer, "ping");
  nowMs = 1000;
  const [code] = (await once(peer, "close")) as [number];
  expect(code).toBe(4401);
});

test("[P3-62] a socket whose session ended hears nothing more, from the same moment on", async () => {
  const hub = openHub();
  const { host, peer } = await openPair();
  hub.add({ userId, expiresAtMs: far, socket: host });
  const messages: string[] = [];
  peer.on("message", (data: Buffer) => messages.push(data.toString()));
  hub.walletReplaced(userId, 1);
  hub.credentialsChanged(userId);
  hub.walletReplaced(userId, 2);
  await once(peer, "close");
  expect(messages).toEqual(["wallet-update:1"]);
});

test("[P3-65] a user has room for so many sockets, and for another when one is gone", async () => {
  const hub = openHub();
  const pairs = [await openPair(), await openPair()];
  expect(hub.hasRoomFor(userId)).toBe(true);
  for (const { host } of pairs) hub.add({ userId, expiresAtMs: far, socket: host });
  expect(hub.hasRoomFor(userId)).toBe(false);
  expect(hub.hasRoomFor(userId + 1)).toBe(true);
  pairs[0]?.peer.close();
  await once(pairs[0]!.host, "close");
  expect(hub.hasRoomFor(userId)).toBe(true);
  expect(hub.size()).toBe(1);
});

test("[P3-66] a closed hub waits for its sockets, and closes one that comes late", async () => {
  const hub = openHub();
  const [early, late] = [await openPair(), await openPair()];
  hub.add({ userId, expiresAtMs: far, socket: early.host });
  const closed = Promise.all([once(early.peer, "close"), once(late.peer, "close")]);
  await hub.close();
  expect(hub.size()).toBe(0);
  hub.add({ userId, expiresAtMs: far, socket: late.host });
  expect((await closed).map(([code]: unknown[]) => code)).toEqual([1001, 1001]);
});

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { HostEvent } from "@holdfast/protocol/protocol-4";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createEventHub } from "./event-hub.ts";

const alive = () => Promise.resolve(true);

/** A hub with one socket of user 1, session "one", and what its peer gets. */
async function connect(pingIntervalMs = 60_000, autoPong = true) {
  const hub = createEventHub({
    maxSocketsPerUser: 2,
    pingIntervalMs,
    sessionCheckMs: 60_000,
    closeTimeoutMs: 1000,
  });
  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const sockets = new WebSocketServer({ server: http });
  const accepted = once(sockets, "connection");
  const peer = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, {
    autoPong,
  });
  onTestFinished(async () => {
    peer.terminate();
    await hub.close();
    sockets.close();
    http.close();
  });
  const events: HostEvent[] = [];
  peer.on("message", (data: Buffer) => events.push(JSON.parse(data.toString()) as HostEvent));
  const opened = once(peer, "open");
  const [socket] = (await accepted) as [WebSocket];
  await opened;
  hub.watch(socket);
  const listener = hub.add({ userId: 1, sessionId: "one", socket, isAlive: alive });
  return { hub, peer, events, listener };
}

const change = (sequence: number, walletId = "default") => ({
  walletId,
  sequence,
  hash: `hash ${sequence}`,
  deviceId: "laptop",
});

test("[P4-81] a socket that is read too slowly gets the newest of each wallet, and its queue is bounded", async () => {
  const { hub, peer, events, listener } = await connect();
  listener.begin({ type: "ready", epoch: 1, wallets: [] });
  // All in one go, so that no notice leaves before the last one is given.
  for (let sequence = 1; sequence <= 1000; sequence += 1) {
    hub.walletChanged(1, change(sequence));
    hub.walletChanged(1, change(sequence, "savings"));
    hub.credentialsChanged(1, sequence);
  }
  hub.sessionEnded(2, "one");
  hub.walletChanged(2, change(1));
  while (!events.some((event) => event.type === "credentials" && event.epoch === 1000)) {
    await once(peer, "message");
  }
  expect(events.length).toBeLessThanOrEqual(16 + 3);
  expect(events).toContainEqual({ type: "wallet", ...change(1000) });
  expect(events).toContainEqual({ type: "wallet", ...change(1000, "savings") });
});

test("[P4-80] what happens before the first event is said after it", async () => {
  const { hub, peer, events, listener } = await connect();
  for (let sequence = 1; sequence <= 20; sequence += 1) hub.walletChanged(1, change(sequence));
  hub.credentialsChanged(1, 2);
  listener.begin({ type: "ready", epoch: 1, wallets: [] });
  while (events.length < 3) await once(peer, "message");
  expect(events).toEqual([
    { type: "ready", epoch: 1, wallets: [] },
    { type: "wallet", ...change(20) },
    { type: "credentials", epoch: 2 },
  ]);
});

test("[P4-82] after its session has ended a socket hears nothing more", async () => {
  const { hub, peer, events, listener } = await connect();
  listener.begin({ type: "ready", epoch: 1, wallets: [] });
  for (let sequence = 1; sequence <= 50; sequence += 1) hub.walletChanged(1, change(sequence));
  hub.allSessionsEnded(1);
  hub.walletChanged(1, change(51));
  const [code] = (await once(peer, "close")) as [number];
  expect(code).toBe(4401);
  expect(events.at(-1)).toEqual({ type: "session-ended" });
  expect(events.filter(({ type }) => type === "wallet")).toHaveLength(15);
});

test("[P4-85] a peer that does not answer a ping is cut off by the next", async () => {
  const { hub, peer } = await connect(20, false);
  await once(peer, "close");
  while (hub.size() > 0) await new Promise((proceed) => setImmediate(proceed));
  expect(hub.size()).toBe(0);
});

test("[P4-83] an account has so many sockets", async () => {
  const { hub } = await connect();
  expect(hub.hasRoomFor(1)).toBe(true);
  const { hub: other, peer } = await connect();
  other.add({ userId: 1, sessionId: "two", socket: peer, isAlive: alive });
  expect(other.hasRoomFor(1)).toBe(false);
  expect(other.hasRoomFor(2)).toBe(true);
});

test("[P4-80] a socket that closed before it was registered takes nobody's place", async () => {
  const { hub, peer } = await connect();
  const closed = once(peer, "close");
  hub.sessionEnded(1, "one");
  await closed;
  for (let socket = 1; socket <= 3; socket += 1) {
    const listener = hub.add({ userId: 1, sessionId: "two", socket: peer, isAlive: alive });
    listener.begin({ type: "ready", epoch: 1, wallets: [] });
  }
  expect(hub.hasRoomFor(1)).toBe(true);
});

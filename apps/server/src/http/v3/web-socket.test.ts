import { once } from "node:events";
import { connect } from "node:net";
import { endpoints3, limits3 } from "@holdfast/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createMemoryStores } from "../../stores/memory/memory-stores.ts";
import {
  openMemoryStores,
  openTestSocket,
  otherSaltSeed,
  password,
  refusedUpgrade,
  startTestServer,
  type TestServer,
} from "../../testing/test-server.ts";

let server: TestServer;
let users = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const newEmail = (): string => `user${(users += 1)}@example.com`;
const changePassword = (server: TestServer, email: string) =>
  server.post(endpoints3.password, {
    email,
    oldPassword: password,
    newPassword: "another password",
    clientSaltSeed: otherSaltSeed,
  });

describe("notices", () => {
  test("[P3-60] every socket of the user hears of each stored wallet, the writer's own included", async () => {
    const email = newEmail();
    const token = await server.newUser(email);
    const other = await server.logIn(email, "device-2");
    const sockets = await Promise.all([token, token, other].map((one) => server.openSocket(one)));
    for (const sequence of [1, 2, 3]) {
      await server.putWallet(token, sequence);
      for (const socket of sockets) {
        expect(await socket.nextMessage()).toBe(`wallet-update:${sequence}`);
      }
    }
    for (const { socket } of sockets) socket.close();
  });

  test("[P3-60] nobody else hears, and nobody hears of a refused wallet", async () => {
    const [token, stranger] = [await server.newUser(newEmail()), await server.newUser(newEmail())];
    const listener = await server.openSocket(token);
    const strangers = await server.openSocket(stranger);
    await server.putWallet(token, 1);
    await server.putWallet(token, 1);
    await server.putWallet(token, 2);
    await server.putWallet(stranger, 1);
    expect(await listener.nextMessage()).toBe("wallet-update:1");
    expect(await listener.nextMessage()).toBe("wallet-update:2");
    expect(await strangers.nextMessage()).toBe("wallet-update:1");
    expect(strangers.messages).toHaveLength(1);
    listener.socket.close();
    strangers.socket.close();
  });

  test("[P3-6] a bearer token opens a socket as well", async () => {
    const token = await server.newUser(newEmail());
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`${server.url.replace("http", "ws")}${endpoints3.websocket}`, {
      headers,
    });
    await once(socket, "open");
    const heard = once(socket, "message");
    await server.putWallet(token, 1);
    const [message] = (await heard) as [Buffer];
    expect(message.toString()).toBe("wallet-update:1");
    socket.close();
  });

  test("[P3-60] compression is not used, and no subprotocol", async () => {
    const { socket } = await server.openSocket(await server.newUser(newEmail()));
    expect(socket.extensions).toBe("");
    expect(socket.protocol).toBe("");
    socket.close();
  });
});

describe("an upgrade is refused", () => {
  const url = (query: string): string => `${server.url}${endpoints3.websocket}${query}`;

  test.each([
    ["", 400, "Bad Request: Missing token parameter"],
    ["?token=", 400, "Bad Request: Missing token parameter"],
    ["?token=x", 401, "Unauthorized: Token Not Found"],
    [`?token=${"0".repeat(64)}`, 401, "Unauthorized: Token Not Found"],
    ["?token=%zz", 401, "Unauthorized: Token Not Found"],
  ])("[P3-61] with %j", async (query, status, error) => {
    expect(await refusedUpgrade(url(query))).toEqual({ status, body: { error } });
    expect(await server.get(`${endpoints3.websocket}${query}`)).toMatchObject({
      status,
      body: { error },
    });
  });

  test("[P3-61] elsewhere, as an unknown path", async () => {
    const elsewhere = `${server.url}/api/3/nothing`;
    expect((await refusedUpgrade(elsewhere)).status).toBe(404);
  });

  test("[P3-61] when the request asks for no WebSocket", async () => {
    const token = await server.newUser(newEmail());
    expect(await server.get(`${endpoints3.websocket}?token=${token}`)).toMatchObject({
      status: 400,
      body: { error: "Bad Request: This address speaks WebSocket only" },
    });
  });

  test("[P3-61] when the handshake is none", async () => {
    const token = await server.newUser(newEmail());
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write(
      `GET ${endpoints3.websocket}?token=${token} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toContain("HTTP/1.1 400 Bad Request");
    expect(answer.toString()).toContain("This address speaks WebSocket only");
    socket.destroy();
  });

  test("[P3-65] beyond the number of sockets a user may have, until one closes", async () => {
    const server = await startTestServer({ settings: { maxSocketsPerUser: 2 } });
    const token = await server.newUser("joe@example.com");
    const path = `${server.url}${endpoints3.websocket}?token=${token}`;
    const sockets = [await openTestSocket(path), await openTestSocket(path)];
    expect(await refusedUpgrade(path)).toEqual({
      status: 429,
      body: { error: "Too Many Requests: Too many open sockets for this account" },
    });
    const other = await server.openSocket(await server.newUser("ann@example.com"));
    sockets[0]?.socket.close();
    await sockets[0]?.closed;
    (await openTestSocket(path)).socket.close();
    sockets[1]?.socket.close();
    other.socket.close();
    await server.close();
  });
});

describe("what clients say", () => {
  test("[P3-65] is ignored", async () => {
    const token = await server.newUser(newEmail());
    const listener = await server.openSocket(token);
    listener.socket.send("hello");
    listener.socket.send("x".repeat(limits3.socketMessageBytes));
    listener.socket.ping();
    await once(listener.socket, "pong");
    await server.putWallet(token, 1);
    expect(await listener.nextMessage()).toBe("wallet-update:1");
    listener.socket.close();
  });

  test("[P3-65] ends the socket when it is too long", async () => {
    const listener = await server.openSocket(await server.newUser(newEmail()));
    listener.socket.send("x".repeat(limits3.socketMessageBytes + 1));
    expect((await listener.closed).code).toBe(1009);
  });
});

describe("a password change", () => {
  test("[P3-62] closes all the user's sockets, and nobody else's", async () => {
    const email = newEmail();
    const token = await server.newUser(email);
    const stranger = await server.newUser(newEmail());
    const sockets = [await server.openSocket(token), await server.openSocket(token)];
    const strangers = await server.openSocket(stranger);
    expect((await changePassword(server, email)).status).toBe(200);
    for (const { closed } of sockets) {
      expect(await closed).toEqual({ code: 4401, reason: "session ended, log in again" });
    }
    await server.putWallet(stranger, 1);
    expect(await strangers.nextMessage()).toBe("wallet-update:1");
    strangers.socket.close();
  });

  test("[P3-62] closes a socket that was being opened meanwhile", async () => {
    const stores = createMemoryStores();
    const found = Promise.withResolvers<void>();
    const passwordChanged = Promise.withResolvers<void>();
    let isHeld = false;
    const server = await startTestServer({
      stores: openMemoryStores({
        ...stores,
        sessions: {
          ...stores.sessions,
          // The token was good when it was looked up; the answer is on its way.
          async find(tokenHash, nowMs) {
            const session = await stores.sessions.find(tokenHash, nowMs);
            if (isHeld) {
              found.resolve();
              await passwordChanged.promise;
            }
            return session;
          },
        },
      }),
    });
    const token = await server.newUser("joe@example.com");
    isHeld = true;
    const opening = server.openSocket(token);
    await found.promise;
    expect((await changePassword(server, "joe@example.com")).status).toBe(200);
    isHeld = false;
    passwordChanged.resolve();
    const late = await opening;
    expect((await late.closed).code).toBe(4401);
    await server.close();
  });
});

test("[P3-66] a stopping server closes sockets as going away", async () => {
  const server = await startTestServer();
  const token = await server.newUser("joe@example.com");
  const sockets = [await server.openSocket(token), await server.openSocket(token)];
  await server.close();
  for (const { closed } of sockets) expect((await closed).code).toBe(1001);
});

test("[P3-66] a peer that does not answer the close frame does not keep the server", async () => {
  const server = await startTestServer({ timing: { closeTimeoutMs: 100 } });
  const token = await server.newUser("joe@example.com");
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write(
    `GET ${endpoints3.websocket}?token=${token} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  await once(socket, "data");
  const closed = once(socket.resume(), "close");
  await server.close();
  expect(await closed).toEqual([false]);
});

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { endpoints3 } from "@holdfast/protocol";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { password, saltSeed, startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
let users = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const signUpBody = (): string =>
  JSON.stringify({ email: `u${(users += 1)}@example.com`, password, clientSaltSeed: saltSeed });

const open = async (to: TestServer = server): Promise<Socket> => {
  const socket = connect(Number(new URL(to.url).port), "127.0.0.1");
  await once(socket, "connect");
  return socket;
};

/** All that the server says until it ends the connection. */
const readToEnd = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  return Buffer.concat(chunks).toString();
};

const send = async (...lines: string[]): Promise<string> => {
  const socket = await open();
  socket.write(lines.join("\r\n"));
  return readToEnd(socket);
};

const post = (path: string, headers: readonly string[], body: string): Promise<string> =>
  send(`POST ${path} HTTP/1.1`, "Host: x", "Connection: close", ...headers, "", body);

const statusOf = (answer: string): number => Number(answer.split(" ", 2)[1]);

describe("requests as few clients send them", () => {
  test("[P3-2] without a Content-Type", async () => {
    const body = signUpBody();
    const answer = await post(endpoints3.signUp, [`Content-Length: ${body.length}`], body);
    expect(statusOf(answer)).toBe(201);
  });

  test("[P3-2] with an empty Content-Type", async () => {
    const body = signUpBody();
    const headers = ["Content-Type:", `Content-Length: ${body.length}`];
    expect(statusOf(await post(endpoints3.signUp, headers, body))).toBe(201);
  });

  test("[P3-2] in chunks of one byte", async () => {
    const chunks = signUpBody().replaceAll(/./g, "1\r\n$&\r\n");
    const answer = await post(
      endpoints3.signUp,
      ["Transfer-Encoding: chunked"],
      `${chunks}0\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(201);
  });

  test("[P3-2] in pieces that arrive one after the other", async () => {
    const body = signUpBody();
    const socket = await open();
    socket.setNoDelay(true);
    const head = `POST ${endpoints3.signUp} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
    for (const piece of [head.slice(0, 20), head.slice(20), body.slice(0, 10), body.slice(10)]) {
      await new Promise((resolve) => socket.write(piece, resolve));
    }
    expect(statusOf(await readToEnd(socket))).toBe(201);
  });

  test("[P3-2] after asking whether to continue", async () => {
    const body = signUpBody();
    const headers = [`Content-Length: ${body.length}`, "Expect: 100-continue"];
    const answer = await post(endpoints3.signUp, headers, body);
    expect(answer).toContain("HTTP/1.1 100 Continue");
    expect(answer).toContain("HTTP/1.1 201 Created");
  });

  test("[P3-4] a POST without any body cannot be read", async () => {
    expect(await post(endpoints3.signUp, [], "")).toContain("Bad Request: Error parsing JSON");
    expect(await post(endpoints3.signUp, ["Content-Length: 0"], "")).toContain(
      "Error parsing JSON",
    );
  });

  test("[P3-2] HTTP/1.0", async () => {
    const body = signUpBody();
    const answer = await send(
      `POST ${endpoints3.signUp} HTTP/1.0`,
      `Content-Length: ${body.length}`,
      "",
      body,
    );
    expect(statusOf(answer)).toBe(201);
  });

  test("[P3-61] a wish to upgrade to HTTP/2 is ignored", async () => {
    const answer = await send(
      `GET ${endpoints3.wallet}?token=x HTTP/1.1`,
      "Host: x",
      "Connection: Upgrade, HTTP2-Settings",
      "Upgrade: h2c",
      "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
      "Connection: close",
      "",
      "",
    );
    expect(statusOf(answer)).toBe(401);
  });

  test("[P3-30] several requests in one packet are answered in order", async () => {
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n`;
    const answers = await send(
      get("/healthz"),
      get(`${endpoints3.wallet}?token=x`),
      `${get("/nothing")}Connection: close\r\n\r\n`,
    );
    expect([...answers.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      "200",
      "401",
      "404",
    ]);
  });
});

describe("what is no request ends with its connection", () => {
  test.each([
    ["garbage", "garbage\r\n\r\n"],
    ["TLS", "\u0016\u0003\u0001\u0002\u0000\u0001"],
    ["a bad header", "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n"],
    [
      "two lengths",
      "POST /api/3/signup HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ],
    [
      "a length and chunks",
      "POST /api/3/signup HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    [
      "a bad chunk",
      "POST /api/3/signup HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
  ])("[P3-72] %s", async (_what, text) => {
    const answer = await send(text);
    expect(statusOf(answer)).toBe(400);
    expect(answer).toContain('{"error":"Bad Request');
    expect(answer.toLowerCase()).toContain("connection: close");
  });

  test("[P3-72] too much header", async () => {
    const answer = await send("GET / HTTP/1.1", "Host: x", `X: ${"x".repeat(40_000)}`, "", "");
    expect(answer).toContain("431");
    expect(answer).toContain('{"error":"Request Header Fields Too Large"}');
  });

  test("[P3-72] headers or a body that take too long", async () => {
    const server = await startTestServer({
      timing: { headersTimeoutMs: 300, requestTimeoutMs: 500 },
    });
    const slow = [
      "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
      `POST ${endpoints3.signUp} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"email":`,
    ];
    for (const start of slow) {
      const socket = await open(server);
      socket.write(start);
      const answer = await readToEnd(socket);
      expect(statusOf(answer)).toBe(408);
      expect(answer).toContain('{"error":"Request Timeout"}');
    }
    expect(server.output()).not.toContain("request failed");
    await server.close();
  });

  test.each([
    ["garbage", "garbage\r\n\r\n"],
    ["too much header", `GET / HTTP/1.1\r\nX: ${"x".repeat(40_000)}\r\n\r\n`],
    ["silence", ""],
    [
      "a refused upgrade",
      `GET ${endpoints3.websocket}?token=x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    ],
  ])("[P3-72] whether its peer ends it or not: %s", async (_what, text) => {
    const server = await startTestServer({
      settings: { maxConnections: 1 },
      timing: { headersTimeoutMs: 300, requestTimeoutMs: 500 },
    });
    const port = Number(new URL(server.url).port);
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => undefined);
    socket.resume();
    socket.write(text);
    await once(socket, "end");
    // The only connection allowed is free again as soon as the server has let go of this one.
    await vi.waitFor(async () => expect((await server.get("/healthz")).status).toBe(200), 4000);
    socket.destroy();
    await server.close();
  });

  test("[P3-72] a connection beyond the number allowed, until one ends", async () => {
    const server = await startTestServer({ settings: { maxConnections: 1 } });
    const first = await open(server);
    const second = await open(server);
    expect(await readToEnd(second)).toBe("");
    first.write("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(statusOf(await readToEnd(first))).toBe(200);
    expect((await server.get("/healthz")).status).toBe(200);
    await server.close();
  });

  test("[P3-72] a client that goes away in the middle is no error", async () => {
    const socket = await open();
    socket.write(
      `POST ${endpoints3.signUp} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"em`,
    );
    socket.destroy();
    expect((await server.get("/healthz")).status).toBe(200);
    expect(server.output()).not.toContain("request failed");
  });
});

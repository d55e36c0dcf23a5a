import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endpoints3 } from "@holdfast/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Environment } from "./settings/setting-reader.ts";
import { openTestSocket, password, saltSeed, startTestServer } from "./testing/test-server.ts";

let dataDir: string;
let running: ChildProcess[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "holdfast-serve-"));
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running = [];
  rmSync(dataDir, { recursive: true, force: true });
});

/** `serve` in a process of its own, as the command line runs it. */
function spawnServer(env: Environment = {}): {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves with the address once the server says where it listens. */
  readonly url: Promise<string>;
  readonly exitCode: Promise<number | null>;
} {
  const script = new URL("testing/serve-process.ts", import.meta.url);
  const child = spawn(process.execPath, ["--conditions=@holdfast/source", fileURLToPath(script)], {
    env: { PATH: process.env["PATH"], HOLDFAST_DATA_DIR: dataDir, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let output = "";
  const listening = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const url = /Listens on +(\S+)/.exec(output)?.[1];
      if (url !== undefined) listening.resolve(url);
    });
  }
  const exitCode = once(child, "close").then(([code]: unknown[]) => code as number | null);
  void exitCode.then(() => listening.reject(new Error(output)));
  listening.promise.catch(() => undefined);
  return { child, output: () => output, url: listening.promise, exitCode };
}

const post = (url: string, path: string, body: object): Promise<Response> =>
  fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });

async function newToken(url: string): Promise<string> {
  const email = "joe@example.com";
  await post(url, endpoints3.signUp, { email, password, clientSaltSeed: saltSeed });
  const answer = await post(url, endpoints3.logIn, { email, password, deviceId: "d" });
  return ((await answer.json()) as { token: string }).token;
}

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (signal) => {
  test("[P3-73] lets a request finish, closes sockets, and ends with exit code 0", async () => {
    const server = spawnServer();
    const url = await server.url;
    const token = await newToken(url);
    const listener = await openTestSocket(`${url}${endpoints3.websocket}?token=${token}`);
    const body = JSON.stringify({ token, encryptedWallet: "last", sequence: 1, hmac: "h" });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(
      `POST ${endpoints3.wallet} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
    );
    // Answered after the server has read the head above.
    await fetch(`${url}/healthz`);
    server.child.kill(signal);
    expect((await listener.closed).code).toBe(1001);
    const answer = once(socket, "data");
    socket.write(body.slice(9));
    expect(String(((await answer) as [Buffer])[0])).toContain("HTTP/1.1 200 OK");
    expect(await server.exitCode).toBe(0);

    const again = spawnServer();
    const wallet = await fetch(`${await again.url}${endpoints3.wallet}?token=${token}`);
    expect(await wallet.json()).toMatchObject({ encryptedWallet: "last", sequence: 1 });
    again.child.kill("SIGTERM");
    expect(await again.exitCode).toBe(0);
  });
});

test("[P3-73] a request that never ends does not keep the server for long", async () => {
  const server = spawnServer();
  const url = await server.url;
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`POST ${endpoints3.wallet} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n`);
  await fetch(`${url}/healthz`);
  server.child.kill("SIGTERM");
  expect(await server.exitCode).toBe(0);
});

test("[P3-73] a second signal ends the server at once", async () => {
  const server = spawnServer({ HOLDFAST_LOG_LEVEL: "info" });
  const url = await server.url;
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`POST ${endpoints3.wallet} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n`);
  await fetch(`${url}/healthz`);
  server.child.kill("SIGTERM");
  while (!server.output().includes("stopping")) await once(server.child.stdout!, "data");
  server.child.kill("SIGTERM");
  expect(await server.exitCode).toBe(1);
});

test("[P3-75] a server whose writer died says so, finishes what it began, and ends with exit code 1", async () => {
  const server = spawnServer();
  const url = await server.url;
  const token = await newToken(url);
  const listener = await openTestSocket(`${url}${endpoints3.websocket}?token=${token}`);
  const wallet = { token, encryptedWallet: "kept", sequence: 1, hmac: "h" };
  expect((await post(url, endpoints3.wallet, wallet)).status).toBe(200);
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(`POST ${endpoints3.wallet} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n`);
  await fetch(`${url}/healthz`);

  server.child.kill("SIGUSR2");
  expect((await listener.closed).code).toBe(1001);
  const answer = once(socket, "data");
  socket.write("{}");
  expect(String(((await answer) as [Buffer])[0])).toContain("HTTP/1.1 400 Bad Request");
  expect(await server.exitCode).toBe(1);
  expect(server.output()).toContain("nothing can be stored any more");
  expect(server.output()).toContain("The server's writer ended unexpectedly.");
  expect(server.output()).not.toContain(token);

  const again = spawnServer();
  const kept = await fetch(`${await again.url}${endpoints3.wallet}?token=${token}`);
  expect(await kept.json()).toMatchObject({ encryptedWallet: "kept", sequence: 1 });
  again.child.kill("SIGTERM");
  expect(await again.exitCode).toBe(0);
});

describe("a server that cannot start says why and ends with exit code 1", () => {
  test("[P3-74] because of a setting", async () => {
    const server = spawnServer({ PORT: "x", ACCOUNT_WHITELIST: "joe@example.com" });
    expect(await server.exitCode).toBe(1);
    expect(server.output()).toMatch(
      /^Holdfast did not start:\n {2}- --port .*\n {2}- ACCOUNT_WHITELIST .*\n$/,
    );
  });

  test("[P3-74] because another one uses its data", async () => {
    const first = spawnServer();
    await first.url;
    const second = spawnServer();
    expect(await second.exitCode).toBe(1);
    expect(second.output()).not.toContain("    at ");
    first.child.kill("SIGTERM");
    expect(await first.exitCode).toBe(0);
  });

  test("[P3-74] because its port is taken, and lets go of the data", async () => {
    const first = await startTestServer();
    const { port } = new URL(first.url);
    await expect(
      startTestServer({ settings: { dataDir, port: Number(port) } }),
    ).rejects.toMatchObject({ name: "ServerError", code: "cannot-listen" });
    await first.close();
    const server = await startTestServer({ settings: { dataDir } });
    await server.close();
  });
});

test("[P3-33] what was answered is there after a restart, and so are sessions", async () => {
  const first = await startTestServer({ settings: { dataDir } });
  const token = await first.newUser("joe@example.com");
  await first.putWallet(token, 1);
  await first.putWallet(token, 2, "100% of it");
  await first.close();
  const second = await startTestServer({ settings: { dataDir } });
  const { body } = await second.get(`${endpoints3.wallet}?token=${token}`);
  expect(body).toEqual({ encryptedWallet: "100% of it", sequence: 2, hmac: "hmac 2" });
  expect((await second.putWallet(token, 3)).status).toBe(200);
  await second.close();
});

test("[P3-73] closing twice is closing once", async () => {
  const server = await startTestServer({ settings: { dataDir } });
  await Promise.all([server.close(), server.close()]);
  await expect(fetch(server.url)).rejects.toThrow("fetch failed");
});

import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { endpoints3 } from "@holdfast/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMemoryStores } from "../../stores/memory/memory-stores.ts";
import {
  openMemoryStores,
  password,
  saltSeed,
  startTestServer,
  type TestServer,
} from "../../testing/test-server.ts";

let server: TestServer;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  agent.destroy();
  await server.close();
});

interface RawAnswer {
  readonly status: number | undefined;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

async function read(path: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const request = get(`${server.url}${path}`, { agent, headers });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const { statusCode, rawHeaders } = response;
  const dateAt = rawHeaders.findIndex((name) => name.toLowerCase() === "date") + 1;
  return {
    status: statusCode,
    rawHeaders: rawHeaders.with(dateAt, "some date"),
    body: await text(response),
  };
}

const readsCounted = async (): Promise<number> => {
  const { text: metrics } = await server.get("/metrics");
  const line = /^wallet_sync_requests_count\{method="GET",endpoint="wallet"\} (\d+)$/m.exec(
    metrics,
  );
  return Number(line?.[1] ?? 0);
};

test("[P3-30] a wallet from memory is answered header for header as by the route, and [P3-70] counted", async () => {
  const token = await server.newUser("quick@example.com");
  await server.putWallet(token, 1, "wällét 🔑");
  const before = await readsCounted();
  // A second parameter is more than the quick way looks at.
  const byRoute = await read(`${endpoints3.wallet}?token=${token}&other=1`);
  expect(byRoute.status).toBe(200);
  expect(await read(`${endpoints3.wallet}?token=${token}`)).toEqual(byRoute);
  expect(await read(endpoints3.wallet, { authorization: `Bearer ${token}` })).toEqual(byRoute);
  expect((await readsCounted()) - before).toBe(3);
});

test("[P3-32] a session that ended opens nothing from memory", async () => {
  const email = "ended@example.com";
  const token = await server.newUser(email);
  await server.putWallet(token, 1);
  expect((await read(`${endpoints3.wallet}?token=${token}`)).status).toBe(200);
  const changed = await server.post(endpoints3.password, {
    email,
    oldPassword: password,
    newPassword: "another password",
    clientSaltSeed: saltSeed,
    encryptedWallet: "wallet 2",
    sequence: 2,
    hmac: "hmac 2",
  });
  expect(changed.status).toBe(200);
  expect((await read(`${endpoints3.wallet}?token=${token}`)).status).toBe(401);
});

test("[P3-3] a store that cannot be read is a 500, and the host goes on", async () => {
  const unreadable = new Error("the disk gives nothing back");
  const memory = openMemoryStores(createMemoryStores());
  const failing = new Set<"session" | "wallet">();
  const server = await startTestServer({
    stores: {
      ...memory,
      sessions: {
        ...memory.sessions,
        // As SQLite reads: at once.
        find(tokenHash, nowMs) {
          if (failing.has("session")) throw unreadable;
          return memory.sessions.find(tokenHash, nowMs);
        },
      },
      wallets: {
        ...memory.wallets,
        newest: (userId) =>
          failing.has("wallet") ? Promise.reject(unreadable) : memory.wallets.newest(userId),
      },
    },
  });
  const token = await server.newUser("unreadable@example.com");
  const ask = async () => (await server.get(`${endpoints3.wallet}?token=${token}`)).status;
  failing.add("session");
  expect(await ask()).toBe(500);
  failing.clear();
  expect(await ask()).toBe(404);
  failing.add("wallet");
  expect(await ask()).toBe(500);
  failing.clear();
  expect(await ask()).toBe(404);
  await server.close();
});

import { endpoints3, refusals3, refusalText } from "@holdfast/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ServerError } from "../server-error.ts";
import { createMemoryStores } from "../stores/memory/memory-stores.ts";
import { openMemoryStores, startTestServer, type TestServer } from "../testing/test-server.ts";
import { explainNotFound } from "./create-app.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const call = (method: string, path: string): Promise<Response> =>
  fetch(`${server.url}${path}`, { method });

const methods: Record<string, readonly string[]> = {
  [endpoints3.signUp]: ["POST"],
  [endpoints3.logIn]: ["POST"],
  [endpoints3.clientSaltSeed]: ["GET"],
  [endpoints3.wallet]: ["GET", "POST"],
  [endpoints3.password]: ["POST"],
  [endpoints3.verify]: ["GET"],
  [endpoints3.resendVerification]: ["POST"],
  [endpoints3.websocket]: ["GET"],
};

test("[P3-1] the endpoints lie below /api/3", () => {
  expect(Object.keys(methods).sort()).toEqual([
    "/api/3/auth/full",
    "/api/3/client-salt-seed",
    "/api/3/password",
    "/api/3/signup",
    "/api/3/verify",
    "/api/3/verify/resend",
    "/api/3/wallet",
    "/api/3/websocket",
  ]);
});

describe.each(Object.entries(methods))("%s", (path, known) => {
  const others = ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"];
  test.each(others.filter((method) => !known.includes(method)))(
    "[P3-7] does not allow %s",
    async (method) => {
      const response = await call(method, `${path}?token=x`);
      expect(response.status).toBe(405);
      expect(await response.json()).toEqual({ error: "Method Not Allowed" });
    },
  );

  test("[P3-7] does not allow HEAD", async () => {
    expect((await call("HEAD", path)).status).toBe(405);
  });
});

test.each([
  ["/api/3", "Not Found: Unknown Endpoint"],
  ["/api/3/", "Not Found: Unknown Endpoint"],
  ["/api/3/nothing", "Not Found: Unknown Endpoint"],
  ["/api/3/wallet/", "Not Found: Unknown Endpoint"],
  ["/api/3/Wallet", "Not Found: Unknown Endpoint"],
  ["/api/3/wallet/1?token=x", "Not Found: Unknown Endpoint"],
  ["/api/3/..%2fwallet", "Not Found: Unknown Endpoint"],
  ["/api", "Not Found: Wrong API version. Current version is 3."],
  ["/api/", "Not Found: Wrong API version. Current version is 3."],
  ["/api/2/wallet", "Not Found: Wrong API version. Current version is 3."],
  ["/api/33/wallet", "Not Found: Wrong API version. Current version is 3."],
  ["/", "Not Found"],
  ["/apis", "Not Found"],
  ["/wallet", "Not Found"],
  ["/api/3/%zz", "Bad Request"],
])("[P3-8] GET %s: %s", async (path, error) => {
  const answer = await server.get(path);
  expect(answer.body).toEqual({ error });
  expect(answer.status).toBe(error === "Bad Request" ? 400 : 404);
});

test("[P3-8] what a POST to an unknown path carries does not matter", async () => {
  for (const body of ["", "no JSON", "x".repeat(200_000)]) {
    expect((await server.post("/api/3/nothing", body)).status).toBe(404);
  }
});

test("[P3-8] a query does not hide a path", () => {
  expect(explainNotFound("/api/3/wallet?x=/api/3/nothing")).toBe("method-not-allowed");
  expect(explainNotFound("/nothing?/api/3/wallet")).toBe("not-found");
});

test.each(["/api/3/wallet", "/api/3/signup", "/api/3/nothing", "/api/3/verify", "/api/9/x"])(
  "[P3-5] the answer of %s is private and taken at its word, and [P3-9] readable from any origin",
  async (path) => {
    const { headers } = await server.get(path, { origin: "https://app.example.com" });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  },
);

test("[P3-5] a stored wallet is sent with the same headers as any answer", async () => {
  const token = await server.newUser("headers@example.com");
  const stored = await server.putWallet(token, 1);
  const read = await server.get(`${endpoints3.wallet}?token=${token}`);
  const withoutDate = ({ headers }: { headers: Headers }) =>
    [...headers].filter(([name]) => name !== "date");
  expect(withoutDate(read)).toEqual(withoutDate(stored));
  expect(read.headers.get("content-length")).toBe(String(Buffer.byteLength(read.text)));
});

test("[P3-9] a browser's preflight is allowed", async () => {
  const response = await call("OPTIONS", endpoints3.wallet);
  expect(response.status).toBe(204);
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("access-control-allow-methods")).toBe("GET, POST");
  expect(response.headers.get("access-control-allow-headers")).toBe("Authorization, Content-Type");
});

describe("when the stores fail", () => {
  const failWith = async (error: Error): Promise<TestServer> => {
    const stores = createMemoryStores();
    const fail = async (): Promise<never> => {
      throw error;
    };
    return startTestServer({
      stores: {
        ...openMemoryStores({ ...stores, accounts: { ...stores.accounts, findByEmail: fail } }),
        checkReady: fail,
      },
    });
  };
  const path = `${endpoints3.clientSaltSeed}?email=am9lQGV4YW1wbGUuY29t`;

  test("[P3-3] a 500 has no detail, but an id, under which the log has it", async () => {
    const server = await failWith(new Error("the disk says no"));
    const answer = await server.get(path);
    expect(answer).toMatchObject({ status: 500, body: { error: "Internal Server Error" } });
    const id = answer.headers.get("x-request-id") ?? "none";
    const line = server
      .output()
      .split("\n")
      .find((line) => line.includes("request failed"));
    expect(line).toContain(id);
    expect(server.output()).toContain("the disk says no");
    const metrics = await server.get("/metrics");
    expect(metrics.text).toContain('wallet_sync_error_count{error_type="internal"} 1');
    await server.close();
  });

  test("[P3-19] a full write queue is a 503 that says when to try again", async () => {
    const server = await failWith(new ServerError("store-busy", "full"));
    const answer = await server.get(path);
    expect(answer).toMatchObject({ status: 503, body: { error: refusalText(refusals3.busy) } });
    expect(answer.headers.get("retry-after")).toBe("1");
    await server.close();
  });

  test("[P3-71] the server lives, and is not ready", async () => {
    const server = await failWith(new ServerError("store-failed", "the disk is full"));
    expect((await server.get("/healthz")).status).toBe(200);
    expect((await server.get("/readyz")).status).toBe(503);
    await server.close();
  });
});

test("[P3-71] a server whose stores work is ready", async () => {
  expect(await server.get("/healthz")).toMatchObject({ status: 200, text: "ok\n" });
  expect(await server.get("/readyz")).toMatchObject({ status: 200, text: "ready\n" });
  expect((await call("HEAD", "/healthz")).status).toBe(200);
  expect((await call("HEAD", "/readyz")).status).toBe(200);
});

describe("GET /metrics", () => {
  test("[P3-70] counts requests by method and endpoint, errors by type, and the process", async () => {
    const server = await startTestServer();
    const token = await server.newUser("joe@example.com");
    await server.putWallet(token, 1);
    await server.get(`${endpoints3.wallet}?token=${token}`);
    await server.get(`${endpoints3.wallet}?token=x`);
    const socket = await server.openSocket(token);
    const { text, headers } = await server.get("/metrics");
    expect(headers.get("content-type")).toContain("text/plain; version=0.0.4");
    for (const line of [
      "# TYPE wallet_sync_requests_count counter",
      'wallet_sync_requests_count{method="POST",endpoint="signup"} 1',
      'wallet_sync_requests_count{method="POST",endpoint="auth-full"} 1',
      'wallet_sync_requests_count{method="POST",endpoint="wallet"} 1',
      'wallet_sync_requests_count{method="GET",endpoint="wallet"} 2',
      'wallet_sync_requests_count{method="GET",endpoint="websocket"} 1',
      "# TYPE wallet_sync_error_count counter",
      'holdfast_request_duration_seconds_count{method="GET",endpoint="wallet",status="2xx"} 1',
      'holdfast_request_duration_seconds_count{method="GET",endpoint="wallet",status="4xx"} 1',
      "holdfast_open_sockets 1",
      "# TYPE process_cpu_seconds_total counter",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    socket.socket.close();
    await server.close();
  });

  test("[P3-70] a client cannot add a label", async () => {
    const server = await startTestServer();
    // Of the process's own series, some appear with the first garbage collection of a kind.
    const series = async (): Promise<number> =>
      (await server.get("/metrics")).text.match(/^(?:wallet_sync|holdfast)_/gm)?.length ?? 0;
    await server.get("/first-unknown");
    const before = await series();
    for (let path = 0; path < 50; path += 1) await server.get(`/unknown-${path}?q=${path}`);
    expect(await series()).toBe(before);
    await server.close();
  });
});

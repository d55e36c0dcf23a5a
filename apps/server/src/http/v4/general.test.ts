import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { json } from "node:stream/consumers";
import { operations4, path4 } from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Call4,
  callSigned,
  createCall,
  logIn,
  opaqueClient,
  randomId,
  register,
  tryLogIn,
} from "../../testing/client-4.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

describe("in general", () => {
  let server: TestServer;
  let call: Call4;
  beforeAll(async () => {
    server = await startTestServer();
    call = createCall(server.url);
  });
  afterAll(() => server.close());

  const post = (path: string, body: string, headers = {}) =>
    fetch(`${server.url}/api/4${path}`, { method: "POST", body: Buffer.from(body), headers });

  test("[P4-9] the host says who it is", async () => {
    expect(await call(operations4.getHost)).toMatchObject({
      status: 200,
      body: {
        name: new URL(server.url).host,
        origin: server.url,
        versions: [3, 4],
        signUp: "open",
        limits: { walletBytes: 1024 * 1024 },
      },
    });
    expect((await fetch(`${server.url}/api/4`)).status).toBe(200);
  });

  test("[P4-6] a refusal is a problem document with a stable code", async () => {
    const answer = await call(operations4.recover, { body: { lookupId: randomId(32) } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body).toEqual({
      type: "urn:holdfast:problem:unknown-recovery",
      title: "No account is opened by this phrase",
      status: 404,
      code: "unknown-recovery",
    });
  });

  test.each([
    ["GET", "/api/4/nothing", 404, "unknown-endpoint"],
    ["GET", "/api/4/accounts/start", 405, "method-not-allowed"],
    ["PUT", "/api/4/wallets/default/revisions", 405, "method-not-allowed"],
    ["DELETE", "/api/4/wallets/default", 405, "method-not-allowed"],
    ["POST", "/api/4/recovery/", 404, "unknown-endpoint"],
    ["GET", "/api/4/events", 404, "unknown-endpoint"],
  ])("[P4-7] %s %s is answered with %i", async (method, path, status, code) => {
    const response = await fetch(`${server.url}${path}`, { method });
    expect([response.status, await response.json()]).toMatchObject([status, { code }]);
  });

  test("[P4-7] any web origin may call, and nothing is kept on the way", async () => {
    const { headers } = await call(operations4.getHost);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("set-cookie")).toBeNull();
    const preflight = await fetch(`${server.url}/api/4/wallets/default`, { method: "OPTIONS" });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    expect(preflight.headers.get("access-control-allow-headers")).toMatch(
      /Authorization.*holdfast-nonce.*holdfast-signature/,
    );
  });

  const lookupId = "A".repeat(43);
  test.each([
    ["", "not JSON"],
    ["nonsense", "not JSON"],
    [`{"lookupId":"${lookupId}","lookupId":"${lookupId}"}`, "not JSON"],
    ["null", "field (body)"],
    ["{}", "field lookupId"],
    ['{"lookupId":7}', "field lookupId"],
    ['{"lookupId":"canary"}', "field lookupId"],
    [`{"lookupId":"${lookupId}","canary":1}`, "unknown field"],
    [`{"lookupId":"${lookupId}=","more":1}`, "field lookupId"],
  ])("[P4-3] %s is malformed, and nothing of it is repeated", async (body, detail) => {
    const response = await post("/recovery", body);
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toMatchObject([
      400,
      { code: "malformed-request", detail },
    ]);
    expect(text).not.toContain("canary");
  });

  test("[P4-3] a body is read whatever its Content-Type says", async () => {
    const body = JSON.stringify({ lookupId });
    for (const type of [
      "application/json",
      "text/plain",
      "x",
      "application/json; charset=utf-16",
    ]) {
      const response = await post("/recovery", body, { "content-type": type });
      expect((await response.json()) as object).toMatchObject({ code: "unknown-recovery" });
    }
  });

  test("[P4-2] a body that is too long is refused with what would fit", async () => {
    const response = await post("/recovery", JSON.stringify({ lookupId: "A".repeat(20_000) }));
    expect([response.status, await response.json()]).toMatchObject([
      413,
      { code: "too-large", maxBytes: 16 * 1024 },
    ]);
  });

  test("[P4-4] a token is taken from the header alone", async () => {
    const device = await register(server.url, "header@example.com");
    const { token } = device;
    const ask = async (path: string, headers: Record<string, string> = {}) =>
      ((await (await fetch(`${server.url}${path}`, { headers })).json()) as { code: string }).code;
    expect(await ask(`/api/4/account?token=${token}`)).toBe("token-required");
    expect(await ask("/api/4/account", { authorization: `Basic ${token}` })).toBe("token-required");
    expect(await ask("/api/4/account", { cookie: `token=${token}` })).toBe("token-required");
    expect(await ask("/api/4/account", { authorization: "Bearer x" })).toBe("session-ended");
    expect(await ask("/api/4/account", { authorization: `bearer ${token}` })).toBeUndefined();
    const old = await server.newUser("three@example.com");
    expect(await ask("/api/4/account", { authorization: `Bearer ${old}` })).toBe("session-ended");
    expect((await server.get(`/api/3/wallet?token=${token}`)).status).toBe(401);
  });
});

describe("limits", () => {
  let server: TestServer;
  let call: Call4;
  let nowMs = Date.now();
  const perIp = { points: 12, windowMs: 60_000 };
  const perEmail = { points: 4, windowMs: 300_000 };
  beforeAll(async () => {
    const limits = { perIp, perEmail };
    server = await startTestServer({
      clock: () => nowMs,
      settings: {
        credentialLimits: limits,
        mailLimits: limits,
        trustedProxies: ["127.0.0.1", "::1", "::ffff:127.0.0.1"],
      },
    });
    call = createCall(server.url);
  });
  afterAll(() => server.close());

  const from = (address: string) => ({ "x-forwarded-for": address });
  const login = opaqueClient.startLogin("a password").request;
  const registration = opaqueClient.startRegistration("a password").request;

  test("[P4-8] attempts at one account are counted from wherever they come", async () => {
    const start = (network: number, id = "ann@example.com") =>
      call(operations4.startSession, {
        body: { id, login },
        headers: from(`198.51.100.${network}`),
      });
    for (let attempt = 1; attempt <= perEmail.points; attempt += 1) {
      expect(
        (await start(attempt, attempt % 2 ? "ann@example.com" : "ANN@example.com")).status,
      ).toBe(200);
    }
    const refused = await start(99);
    expect(refused).toMatchObject({ status: 429, body: { code: "rate-limited" } });
    expect(refused.headers.get("retry-after")).toBe("300");
    expect((await start(98, "bob@example.com")).status).toBe(200);
    // What anybody may ask about an address leaves its owner other ways in.
    const body = { id: "ann@example.com", registration };
    expect(
      (await call(operations4.startAccount, { body, headers: from("198.51.100.97") })).status,
    ).toBe(200);
    nowMs += perEmail.windowMs;
    expect((await start(99)).status).toBe(200);
  });

  test("[P4-8] strangers who use up an account's attempts do not keep out who logged in from a network before", async () => {
    nowMs += perEmail.windowMs;
    const id = "owner@example.com";
    await register(server.url, id, "a password");
    expect((await tryLogIn(server.url, id, "a password")).answer.status).toBe(200);
    const start = (headers: Record<string, string>) =>
      call(operations4.startSession, { body: { id, login }, headers });
    const strangers = [];
    for (let network = 1; network <= perEmail.points; network += 1) {
      strangers.push(await start(from(`192.0.2.${network}`)));
    }
    expect(strangers.at(-1)).toMatchObject({ status: 429 });
    nowMs += perIp.windowMs;
    expect((await tryLogIn(server.url, id, "a password")).answer.status).toBe(200);
  });

  test("[P4-8] whoever has a token uses up the attempts of its own session alone", async () => {
    nowMs += perEmail.windowMs;
    const device = await register(server.url, "robbed@example.com", "a password");
    const stolen = await logIn(device, "a password", "stolen");
    const start = (token: string, network: number) =>
      call(operations4.startCredentials, {
        body: { registration },
        token,
        headers: from(`198.51.100.${network}`),
      });
    for (let attempt = 1; attempt <= perEmail.points; attempt += 1) {
      expect((await start(stolen.token, attempt)).status).toBe(200);
    }
    expect((await start(stolen.token, 9)).status).toBe(429);
    expect((await start(device.token, 10)).status).toBe(200);
  });

  test.each([
    [operations4.confirmTotp, { enrolmentId: randomId(), code: "000000" }],
    [operations4.changeId, { id: "elsewhere@example.com" }],
    [operations4.verifyId, { changeId: randomId(), code: "00000000" }],
  ])("[P4-8] nor does a stolen token keep the owner from $path", async (operation, body) => {
    nowMs += perEmail.windowMs;
    const device = await register(server.url, `${randomId()}@example.com`, "a password");
    const stolen = await logIn(device, "a password", "stolen");
    const statuses: number[] = [];
    for (let attempt = 1; attempt <= perEmail.points + 1; attempt += 1) {
      const headers = from(`198.51.100.${attempt}`);
      statuses.push((await call(operation, { body, token: stolen.token, headers })).status);
    }
    expect(statuses.indexOf(429)).toBe(perEmail.points);
    expect((await callSigned(device, operation, { body })).status).not.toBe(429);
  });

  /** A request that announces a large body and never sends it. */
  async function announce(path: string, headers: Record<string, string>) {
    const opened = httpRequest(`${server.url}${path}`, {
      method: "PUT",
      headers: { ...headers, "content-length": String(10 * 1024 * 1024) },
    });
    opened.on("error", () => undefined);
    opened.flushHeaders();
    const [response] = (await once(opened, "response")) as [IncomingMessage];
    const body = await json(response);
    opened.destroy();
    return body;
  }

  test("[P4-5] nobody's body is read who may not send it", async () => {
    nowMs += perEmail.windowMs;
    const path = path4(operations4.putCredentials);
    expect(await announce(path, {})).toMatchObject({ code: "token-required" });
    const authorization = `Bearer ${randomId(32)}`;
    expect(await announce(path, { authorization })).toMatchObject({ code: "session-ended" });
    const device = await register(server.url, "body@example.com", "a password");
    const headers = { authorization: `Bearer ${device.token}`, ...from("203.0.113.77") };
    const garbled = { token: device.token, body: "{", headers: from("203.0.113.77") };
    for (let attempt = 1; attempt <= perIp.points; attempt += 1) {
      expect((await call(operations4.putCredentials, garbled)).body["code"]).toBe(
        "malformed-request",
      );
    }
    expect(await announce(path, headers)).toMatchObject({ code: "rate-limited" });
  });

  test.each([
    [operations4.startAccount, () => ({ id: `${randomId()}@example.com`, registration })],
    [operations4.startSession, () => ({ id: `${randomId()}@example.com`, login })],
    [
      operations4.finishSession,
      () => ({
        loginId: randomId(),
        finish: randomId(96),
        device: { deviceId: "x", name: "X" },
      }),
    ],
    [
      operations4.challengeSession,
      () => ({ purpose: "session", identity: randomId(32), deviceId: "x" }),
    ],
    [
      operations4.signatureSession,
      () => ({ nonce: randomId(32), signature: randomId(64), deviceName: "X" }),
    ],
    [operations4.recover, () => ({ lookupId: randomId(32) })],
    [operations4.verifyAccount, () => ({ registrationId: randomId(), code: "12345678" })],
    [operations4.startPairing, () => ({ pairingId: randomId() })],
  ])("[P4-8] one network cannot try many: $path", async (operation, body) => {
    nowMs += perEmail.windowMs;
    const headers = from("203.0.113.7");
    for (let attempt = 1; attempt <= perIp.points; attempt += 1) {
      expect((await call(operation, { body: body(), headers })).status).not.toBe(429);
    }
    const refused = await call(operation, { body: body(), headers });
    expect(refused).toMatchObject({ status: 429, body: { code: "rate-limited" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const elsewhere = from("203.0.113.8");
    expect((await call(operation, { body: body(), headers: elsewhere })).status).not.toBe(429);
  });
});

import { endpoints3 } from "@holdfast/protocol";
import { describe, expect, test } from "vitest";
import type { CredentialLimitSettings } from "../limits/credential-limits.ts";
import {
  password,
  saltSeed,
  startTestServer,
  type Answer,
  type TestServer,
} from "../testing/test-server.ts";

const MINUTE_MS = 60_000;
const limits = (perIp: number, perEmail: number): CredentialLimitSettings => ({
  perIp: { points: perIp, windowMs: MINUTE_MS },
  perEmail: { points: perEmail, windowMs: MINUTE_MS },
});
const limited = {
  status: 429,
  body: { error: "Too Many Requests: Too many attempts. Wait and try again." },
};
const seedPath = (email: string): string =>
  `${endpoints3.clientSaltSeed}?email=${encodeURIComponent(Buffer.from(email).toString("base64"))}`;

type ToCall = (email: string) => [path: string, body?: object];

const openCalls: [string, ToCall][] = [
  ["POST /signup", (email) => [endpoints3.signUp, { email, password, clientSaltSeed: saltSeed }]],
  ["GET /client-salt-seed", (email) => [seedPath(email)]],
];

const passwordCalls: [string, ToCall][] = [
  ["POST /auth/full", (email) => [endpoints3.logIn, { email, password, deviceId: "d" }]],
  [
    "POST /password",
    (email) => [
      endpoints3.password,
      { email, oldPassword: password, newPassword: "new password", clientSaltSeed: saltSeed },
    ],
  ],
];

const send = (server: TestServer, [path, body]: ReturnType<ToCall>): Promise<Answer> =>
  body === undefined ? server.get(path) : server.post(path, body);

describe.each(openCalls)("%s", (_name, toCall) => {
  test("[P3-19] is limited by network, and does not use up anybody's log-ins", async () => {
    const server = await startTestServer({ settings: { credentialLimits: limits(3, 1) } });
    expect((await send(server, toCall("joe@example.com"))).status).not.toBe(429);
    expect((await send(server, toCall("joe@example.com"))).status).not.toBe(429);
    const logIn = { email: "joe@example.com", password, deviceId: "d" };
    expect((await server.post(endpoints3.logIn, logIn)).status).not.toBe(429);
    expect(await send(server, toCall("jane@example.com"))).toMatchObject(limited);
    await server.close();
  });
});

test("[P3-19] strangers' wrong passwords do not keep out who logged in from a network before", async () => {
  const server = await startTestServer({
    settings: { credentialLimits: limits(100, 3), trustedProxies: ["loopback"] },
  });
  const email = "joe@example.com";
  const statusFrom = async (ip: string, secret: string): Promise<number> => {
    const logIn = { email, password: secret, deviceId: "d" };
    return (await server.post(endpoints3.logIn, logIn, { "x-forwarded-for": ip })).status;
  };
  await server.post(endpoints3.signUp, { email, password, clientSaltSeed: saltSeed });
  expect(await statusFrom("192.0.2.1", password)).toBe(200);
  expect(await statusFrom("198.51.100.1", "wrong password")).toBe(401);
  expect(await statusFrom("198.51.100.2", "wrong password")).toBe(401);
  expect(await statusFrom("198.51.100.3", password)).toBe(429);
  for (let time = 0; time < 3; time += 1) expect(await statusFrom("192.0.2.1", password)).toBe(200);
  expect(await statusFrom("192.0.2.1", password)).toBe(429);
  await server.close();
});

describe.each(passwordCalls)("%s", (_name, toCall) => {
  test("[P3-19] is limited by address of the account and by network, and free again later", async () => {
    let nowMs = 0;
    const server = await startTestServer({
      settings: { credentialLimits: limits(5, 2) },
      clock: () => nowMs,
    });
    const call = (email: string): Promise<Answer> => send(server, toCall(email));
    for (let time = 0; time < 2; time += 1) expect((await call("a@b.c")).status).not.toBe(429);
    nowMs = 20_000;
    const refused = await call("A@B.c");
    expect(refused).toMatchObject(limited);
    expect(refused.headers.get("retry-after")).toBe("40");
    expect(refused.headers.get("access-control-expose-headers")).toBe("Retry-After");
    expect((await call("c@b.c")).status).not.toBe(429);
    expect((await call("d@b.c")).status).not.toBe(429);
    expect(await call("e@b.c")).toMatchObject(limited);
    nowMs = MINUTE_MS;
    expect((await call("a@b.c")).status).not.toBe(429);
    expect((await server.get("/metrics")).text).toContain(
      'wallet_sync_error_count{error_type="rate-limited"} 2',
    );
    await server.close();
  });
});

test("[P3-19] tokens of mailed links are limited by network", async () => {
  const server = await startTestServer({ settings: { credentialLimits: limits(2, 100) } });
  const verify = () => server.get(`${endpoints3.verify}?verifyToken=${"0".repeat(64)}`);
  expect((await verify()).status).toBe(403);
  expect((await verify()).status).toBe(403);
  expect(await verify()).toMatchObject(limited);
  await server.close();
});

test("[P3-19] mails are limited by themselves, and more", async () => {
  const server = await startTestServer({
    env: { ACCOUNT_VERIFICATION_MODE: "EmailVerify" },
    settings: { mailLimits: limits(100, 2) },
  });
  await server.signUp("joe@example.com");
  const resend = () => server.post(endpoints3.resendVerification, { email: "joe@example.com" });
  expect((await resend()).status).toBe(200);
  expect((await resend()).status).toBe(200);
  expect(await resend()).toMatchObject(limited);
  await server.close();
});

test("[P3-19] reading and writing wallets is not limited, nor is anything by default in development", async () => {
  const server = await startTestServer();
  const token = await server.newUser("joe@example.com");
  for (let call = 0; call < 150; call += 1) {
    expect((await server.get(`${endpoints3.wallet}?token=${token}`)).status).toBe(404);
    expect((await server.get(seedPath("joe@example.com"))).status).toBe(200);
  }
  await server.close();
});

describe("X-Forwarded-For", () => {
  const callFrom = async (
    trustedProxies: readonly string[],
    forwardedFor: readonly string[],
  ): Promise<readonly number[]> => {
    const server = await startTestServer({
      settings: { credentialLimits: limits(1, 100), trustedProxies },
    });
    const statuses: number[] = [];
    for (const address of forwardedFor) {
      const headers = { "x-forwarded-for": address };
      statuses.push((await server.get(seedPath("joe@example.com"), headers)).status);
    }
    await server.close();
    return statuses;
  };

  test("[P3-19] means nothing when no proxy is trusted", async () => {
    expect(await callFrom([], ["1.1.1.1", "2.2.2.2"])).toEqual([404, 429]);
  });

  test("[P3-19] tells clients apart when a trusted proxy sends it", async () => {
    const addresses = ["1.1.1.1", "2.2.2.2", "1.1.1.1"];
    expect(await callFrom(["loopback"], addresses)).toEqual([404, 404, 429]);
    expect(await callFrom(["127.0.0.0/8"], addresses)).toEqual([404, 404, 429]);
  });

  test("[P3-19] means nothing when another proxy sends it", async () => {
    expect(await callFrom(["10.0.0.0/8"], ["1.1.1.1", "2.2.2.2"])).toEqual([404, 429]);
  });

  test("[P3-19] counts from the proxy's end: what a client puts before it is not believed", async () => {
    const forged = ["6.6.6.6, 1.1.1.1", "7.7.7.7, 1.1.1.1"];
    expect(await callFrom(["loopback"], forged)).toEqual([404, 429]);
  });

  test("[P3-19] makes no new client of each port that a proxy forwards", async () => {
    expect(await callFrom(["loopback"], ["1.1.1.1:1001", "1.1.1.1:1002"])).toEqual([404, 429]);
  });
});

test("[P3-19] when too many passwords are being checked, calls are refused as busy, and later ones are not", async () => {
  const server = await startTestServer({ passwordCostLog2: 13 });
  await server.signUp("joe@example.com");
  const logIn = (device: number) =>
    server.post(endpoints3.logIn, { email: "joe@example.com", password, deviceId: `d${device}` });
  const answers = await Promise.all(Array.from({ length: 120 }, (_, device) => logIn(device)));
  const busy = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status === 200).length).toBe(answers.length - busy.length);
  expect(busy.length).toBeGreaterThan(0);
  for (const { headers, body } of busy) {
    expect(headers.get("retry-after")).toBe("1");
    expect(body).toEqual({
      error: "Service Unavailable: The server is busy. Nothing was changed; try again soon.",
    });
  }
  expect((await logIn(0)).status).toBe(200);
  await server.close();
});

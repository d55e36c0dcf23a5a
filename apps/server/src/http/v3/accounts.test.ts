import { endpoints3 } from "@holdfast/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMemoryStores } from "../../stores/memory/memory-stores.ts";
import {
  openMemoryStores,
  otherSaltSeed,
  password,
  saltSeed,
  startTestServer,
  type TestServer,
} from "../../testing/test-server.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const startMs = Date.UTC(2026, 0, 1);
let nowMs = startMs;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ clock: () => nowMs });
});
afterAll(() => server.close());

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const getSaltSeed = (email: string) =>
  server.get(`${endpoints3.clientSaltSeed}?email=${encodeURIComponent(email)}`);
const logIn = (changes: object = {}) =>
  server.post(endpoints3.logIn, {
    email: "joe@example.com",
    password,
    deviceId: "device",
    ...changes,
  });

describe("POST /signup", () => {
  test("[P3-20] makes an account and says whether it is verified", async () => {
    const answer = await server.signUp("new@example.com");
    expect(answer).toMatchObject({ status: 201, body: { verified: true } });
  });

  test("[P3-20] refuses an address that is taken, [P3-11] in whatever case", async () => {
    await server.signUp("Taken@example.com");
    for (const email of ["Taken@example.com", "taken@EXAMPLE.com"]) {
      expect(await server.signUp(email)).toMatchObject({
        status: 409,
        body: { error: "Conflict: Error registering" },
      });
    }
  });

  test("[P3-20] of several sign-ups with one address at once exactly one succeeds", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.signUp("race@example.com")),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      201,
      ...Array(7).fill(409),
    ]);
  });

  test.each([
    [{ email: "joe" }, "Invalid or missing 'email'"],
    [{ password: "1234567" }, "Invalid or missing 'password'"],
    [{ clientSaltSeed: "x" }, "Invalid or missing 'clientSaltSeed'"],
  ])("[P3-12] [P3-13] refuses %o", async (changes, why) => {
    const body = { email: "joe@example.com", password, clientSaltSeed: saltSeed, ...changes };
    expect(await server.post(endpoints3.signUp, body)).toMatchObject({
      status: 400,
      body: { error: `Bad Request: Request failed validation: ${why}` },
    });
  });
});

describe("POST /signup in Whitelist mode", () => {
  test("[P3-21] lets in the listed addresses, in whatever case, and no others", async () => {
    const env = {
      ACCOUNT_VERIFICATION_MODE: "Whitelist",
      ACCOUNT_WHITELIST: "joe@example.com,Ann@example.com",
    };
    const server = await startTestServer({ env });
    expect(await server.signUp("joe@example.com")).toMatchObject({
      status: 201,
      body: { verified: true },
    });
    expect((await server.signUp("ann@example.com")).status).toBe(201);
    expect(await server.signUp("eve@example.com")).toMatchObject({
      status: 403,
      body: { error: "Forbidden: Account not whitelisted" },
    });
    expect(await server.logIn("joe@example.com")).toMatch(/^[0-9a-f]{64}$/);
    await server.close();
  });

  test("[P3-21] lets in nobody while the list is empty", async () => {
    const server = await startTestServer({ env: { ACCOUNT_VERIFICATION_MODE: "Whitelist" } });
    expect((await server.signUp("joe@example.com")).status).toBe(403);
    await server.close();
  });
});

describe("POST /auth/full", () => {
  beforeAll(() => server.signUp("joe@example.com"));

  test("[P3-24] answers token, device, scope, user and the real time of expiry", async () => {
    const { status, body } = await logIn();
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      deviceId: "device",
      scope: "*",
      userId: expect.any(Number) as number,
      expiration: new Date(nowMs + 14 * DAY_MS).toISOString(),
    });
  });

  test("[P3-11] finds the account in whatever case the address is typed", async () => {
    expect((await logIn({ email: "JOE@Example.com" })).status).toBe(200);
  });

  test("[P3-25] answers the same to an unknown address and a wrong password", async () => {
    const refused = {
      status: 401,
      body: { error: "Unauthorized: No match for email and password" },
    };
    expect(await logIn({ email: "unknown@example.com" })).toMatchObject(refused);
    expect(await logIn({ password: "wrong password" })).toMatchObject(refused);
  });

  test("[P3-14] takes any device id up to 256 characters", async () => {
    for (const deviceId of ["x", "d".repeat(256), "Gerät 1 🔑", "a\u0000b", "__proto__"]) {
      expect(await logIn({ deviceId })).toMatchObject({ status: 200, body: { deviceId } });
    }
    expect(await logIn({ deviceId: "" })).toMatchObject({
      status: 400,
      body: { error: "Bad Request: Request failed validation: Missing 'deviceId'" },
    });
  });

  test("[P3-26] a new log-in of a device ends its token and leaves other devices' alone", async () => {
    const first = await server.logIn("joe@example.com", "phone");
    const other = await server.logIn("joe@example.com", "laptop");
    const second = await server.logIn("joe@example.com", "phone");
    const statuses = [first, other, second].map(
      async (token) => (await server.get(`${endpoints3.wallet}?token=${token}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([401, 404, 404]);
  });

  test("[P3-17] a token lives for 14 days", async () => {
    const token = await server.logIn("joe@example.com", "old phone");
    nowMs = startMs + 14 * DAY_MS - 1;
    expect((await server.get(`${endpoints3.wallet}?token=${token}`)).status).toBe(404);
    nowMs = startMs + 14 * DAY_MS;
    expect(await server.get(`${endpoints3.wallet}?token=${token}`)).toMatchObject({
      status: 401,
      body: { error: "Unauthorized: Token Not Found" },
    });
    nowMs = startMs;
  });
});

test("[P3-26] a log-in that a password change overtakes gives no token that works", async () => {
  const stores = createMemoryStores();
  const reachedStore = Promise.withResolvers<void>();
  const passwordChanged = Promise.withResolvers<void>();
  let isHeld = false;
  const server = await startTestServer({
    stores: openMemoryStores({
      ...stores,
      sessions: {
        ...stores.sessions,
        // The password was checked; its session is about to be written.
        async create(session) {
          if (isHeld) {
            reachedStore.resolve();
            await passwordChanged.promise;
          }
          return stores.sessions.create(session);
        },
      },
    }),
  });
  await server.signUp("joe@example.com");
  isHeld = true;
  const overtaken = server.post(endpoints3.logIn, {
    email: "joe@example.com",
    password,
    deviceId: "thief",
  });
  await reachedStore.promise;
  const changed = await server.post(endpoints3.password, {
    email: "joe@example.com",
    oldPassword: password,
    newPassword: "another password",
    clientSaltSeed: otherSaltSeed,
  });
  expect(changed.status).toBe(200);
  passwordChanged.resolve();
  expect((await overtaken).status).toBe(401);
  await server.close();
});

describe("GET /client-salt-seed", () => {
  beforeAll(() => server.signUp("Salty+1@example.com"));

  test("[P3-27] answers the seed given at sign-up", async () => {
    expect(await getSaltSeed(base64("Salty+1@example.com"))).toMatchObject({
      status: 200,
      body: { clientSaltSeed: saltSeed },
    });
    expect((await getSaltSeed(base64("salty+1@EXAMPLE.com"))).status).toBe(200);
  });

  test("[P3-13] keeps the seed as it came", async () => {
    const clientSaltSeed = "0123456789ABCDEFabcdef".padEnd(64, "A");
    const email = "case@example.com";
    await server.post(endpoints3.signUp, { email, password, clientSaltSeed });
    expect((await getSaltSeed(base64(email))).body).toEqual({ clientSaltSeed });
  });

  test("[P3-28] ignores line breaks, as Python's encoder adds them", async () => {
    const email = `${"long.".repeat(20)}address@example.com`;
    await server.signUp(email);
    const lines = base64(email).replaceAll(/.{76}/g, (line) => `${line}\n`);
    for (const form of [`${lines}\n`, lines.replaceAll("\n", "\r\n"), `\n${lines}`]) {
      expect((await getSaltSeed(form)).status).toBe(200);
    }
  });

  test("[P3-27] says that an address is unknown", async () => {
    expect(await getSaltSeed(base64("unknown@example.com"))).toMatchObject({
      status: 404,
      body: { error: "Not Found: No match for email" },
    });
  });

  test.each([
    "",
    "joe@example.com",
    base64("joe"),
    base64("Joe <joe@example.com>"),
    base64("joe@example.co").replaceAll("=", ""),
    base64("joe@example.comm").replaceAll(/.$/g, "_"),
    `${base64("joe@example.com")} `,
    "am9lQGV4YW1wbGUuY29t=",
    Buffer.from("jo\xe9@example.com", "latin1").toString("base64"),
    "====",
  ])("[P3-28] refuses %j", async (parameter) => {
    expect(await getSaltSeed(parameter)).toMatchObject({
      status: 400,
      body: { error: "Bad Request: Invalid email" },
    });
  });

  test("[P3-28] refuses a request without the parameter", async () => {
    expect((await server.get(endpoints3.clientSaltSeed)).status).toBe(400);
  });
});

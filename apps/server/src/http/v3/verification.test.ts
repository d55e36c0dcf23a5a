import { endpoints3 } from "@holdfast/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  otherSaltSeed,
  password,
  startTestServer,
  type TestServer,
} from "../../testing/test-server.ts";

const env = { ACCOUNT_VERIFICATION_MODE: "EmailVerify" };
const DAY_MS = 24 * 60 * 60 * 1000;
let nowMs = Date.UTC(2026, 0, 1);
let users = 0;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ env, clock: () => nowMs });
});
afterAll(() => server.close());

const newEmail = (): string => `user${(users += 1)}@example.com`;
const logIn = (email: string) =>
  server.post(endpoints3.logIn, { email, password, deviceId: "device-1" });
const resend = (email: string) => server.post(endpoints3.resendVerification, { email });
const verify = (token: string) => server.get(`${endpoints3.verify}?verifyToken=${token}`);

/** The links mailed to an address so far, as paths of the server. */
const mailedLinks = (email: string): readonly string[] =>
  server
    .output()
    .split("Mail to ")
    .filter((mail) => mail.startsWith(`${email}:`))
    .map((mail) => /http:\/\/localhost:\d+(\/\S+)/.exec(mail)?.[1] ?? "no link");

test("[P3-21] an account waits until its address is verified by the mailed link", async () => {
  const email = newEmail();
  expect(await server.signUp(email)).toMatchObject({ status: 201, body: { verified: false } });
  expect(await logIn(email)).toMatchObject({
    status: 401,
    body: { error: "Unauthorized: Account is not verified" },
  });
  const [link = ""] = mailedLinks(email);
  expect(link).toMatch(/^\/api\/3\/verify\?verifyToken=[0-9a-f]{64}$/);
  const answer = await server.get(link);
  expect(answer).toMatchObject({ status: 200, text: "Your account has been verified." });
  expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect((await logIn(email)).status).toBe(200);
});

test("[P3-43] an account that is not verified cannot change its password", async () => {
  const email = newEmail();
  await server.signUp(email);
  const answer = await server.post(endpoints3.password, {
    email,
    oldPassword: password,
    newPassword: "another password",
    clientSaltSeed: otherSaltSeed,
  });
  expect(answer).toMatchObject({
    status: 401,
    body: { error: "Unauthorized: Account is not verified" },
  });
});

test("[P3-50] a link says that the account is verified, [P3-51] once", async () => {
  const email = newEmail();
  await server.signUp(email);
  const [link = ""] = mailedLinks(email);
  expect((await server.get(link)).text).toBe("Your account has been verified.");
  const again = await server.get(link);
  expect(again.status).toBe(403);
  expect(again.headers.get("content-type")).toBe("text/plain; charset=utf-8");
});

test("[P3-18] a link works for 2 days, [P3-51] and then no more", async () => {
  const [early, late] = [newEmail(), newEmail()];
  await server.signUp(early);
  await server.signUp(late);
  nowMs += 2 * DAY_MS - 1;
  expect((await server.get(mailedLinks(early)[0] ?? "")).status).toBe(200);
  nowMs += 1;
  expect((await server.get(mailedLinks(late)[0] ?? "")).status).toBe(403);
});

test.each(["x", "0".repeat(64), "%00", "F".repeat(64)])(
  "[P3-51] the token %j is unknown",
  async (token) => {
    expect((await verify(token)).status).toBe(403);
  },
);

test("[P3-52] a link without its token is refused", async () => {
  for (const path of [endpoints3.verify, `${endpoints3.verify}?verifyToken=`]) {
    const answer = await server.get(path);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  }
});

describe("POST /verify/resend", () => {
  test("[P3-53] mails a further link, and the earlier one still works", async () => {
    const email = newEmail();
    await server.signUp(email);
    expect(await resend(email)).toMatchObject({ status: 200, body: {} });
    const [first = "", second = ""] = mailedLinks(email);
    expect(second).not.toBe(first);
    expect((await server.get(first)).status).toBe(200);
    expect((await server.get(second)).status).toBe(403);
  });

  test("[P3-11] mails to the address as it was given at sign-up", async () => {
    const email = `User${(users += 1)}@Example.com`;
    await server.signUp(email);
    expect((await resend(email.toLowerCase())).status).toBe(200);
    expect(mailedLinks(email)).toHaveLength(2);
  });

  test("[P3-53] does not know an unknown address", async () => {
    expect(await resend("unknown@example.com")).toMatchObject({
      status: 401,
      body: { error: "Unauthorized: No match for email" },
    });
  });

  test("[P3-54] has nothing to do for a verified account", async () => {
    const email = newEmail();
    await server.signUp(email);
    await server.get(mailedLinks(email)[0] ?? "");
    expect(await resend(email)).toMatchObject({
      status: 409,
      body: { error: "Conflict: Account is already verified" },
    });
  });

  test.each(["AllowAll", "Whitelist"])("[P3-53] is not for mode %s", async (mode) => {
    const server = await startTestServer({ env: { ACCOUNT_VERIFICATION_MODE: mode } });
    const answer = await server.post(endpoints3.resendVerification, { email: "joe@example.com" });
    expect(answer).toMatchObject({
      status: 403,
      body: { error: "Forbidden: Account verification mode is not set to EmailVerify" },
    });
    await server.close();
  });
});

import { limits4, operations4 } from "@holdfast/protocol/protocol-4";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  callSigned,
  type Device4,
  randomId,
  register,
  succeeded,
  tryLogIn,
  update,
} from "../../testing/client-4.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
let server: TestServer;
let nowMs = Date.now();
let users = 0;

beforeAll(async () => {
  const settings = { trustedProxies: ["loopback"] };
  server = await startTestServer({ clock: () => nowMs, settings });
});
afterAll(() => server.close());

/** An account with a second factor; the clock is moved on to a fresh time step. */
async function newAccount() {
  const device = await register(server.url, `mfa${(users += 1)}@example.com`);
  const started = succeeded<{ enrolmentId: string; secret: string; uri: string }>(
    await callSigned(device, operations4.startTotp, { body: {} }),
  );
  const totp = new TOTP({ secret: Secret.fromBase32(started.secret) });
  const code = () => totp.generate({ timestamp: nowMs });
  const { enrolmentId } = started;
  const confirmed = await callSigned(device, operations4.confirmTotp, {
    body: { enrolmentId, code: code() },
  });
  const { recoveryCodes } = succeeded<{ recoveryCodes: string[] }>(confirmed);
  nowMs += 60_000;
  return { device, code, recoveryCodes, started };
}

const finishAgain = (device: Device4, body: object, mfaCode: string, ip = "192.0.2.1") =>
  device.call(operations4.finishSession, {
    body: { ...body, mfaCode },
    headers: { "x-forwarded-for": ip },
  });

test("[P4-60] a second factor is asked for before anything leaves the host", async () => {
  const { device, code, recoveryCodes } = await newAccount();
  expect(recoveryCodes).toHaveLength(limits4.recoveryCodes);
  const { answer, body } = await tryLogIn(server.url, device.id, password);
  expect(answer).toMatchObject({ status: 401, body: { code: "mfa-required" } });
  expect(answer.text).not.toContain("keyring");
  const opened = await finishAgain(device, body, code());
  expect(opened.status).toBe(200);
  expect(opened.body).toHaveProperty("credentials");
});

test("[P4-59] who has the keys alone heals nothing where a second factor is on, and so makes no way in without one", async () => {
  const { device, code, recoveryCodes } = await newAccount();
  const { state, keyring } = update(device, { addWallets: ["More"] }).change;
  const { identity } = device.account.state.account;
  const heal = async (body: object) => {
    const change = { identity, states: [state], slots: [], keyring, ...body };
    return (await device.call(operations4.healCredentials, { body: change })).body;
  };
  expect(await heal({})).toMatchObject({ code: "mfa-required" });
  const wrong = code() === "000000" ? "000001" : "000000";
  expect(await heal({ mfaCode: wrong })).toMatchObject({ code: "mfa-refused" });
  // A stranger's states use up no code, nor one's attempts.
  const forged = [{ ...state, signature: "A".repeat(86) }];
  const [recoveryCode = ""] = recoveryCodes;
  expect(await heal({ states: forged, mfaCode: recoveryCode })).toMatchObject({
    code: "refused-state",
  });
  expect(await heal({ mfaCode: recoveryCode })).toEqual({ epoch: 2 });
});

test("[P4-60] a wrong password is refused as before, whatever the code", async () => {
  const { device, code } = await newAccount();
  const { answer } = await tryLogIn(server.url, device.id, "wrong", { mfaCode: code() });
  expect(answer.body["code"]).toBe("login-refused");
});

test("[P4-60] only the very proof that was right goes on with a code", async () => {
  const { device, code } = await newAccount();
  const { body } = await tryLogIn(server.url, device.id, password);
  const other = { ...body, finish: randomId(96) };
  expect((await finishAgain(device, other, code())).body["code"]).toBe("login-refused");
  expect((await finishAgain(device, body, code())).status).toBe(200);
});

test("[P4-61] a time step opens one login, and no older one opens any after", async () => {
  const { device, code } = await newAccount();
  const used = code();
  const first = await tryLogIn(server.url, device.id, password, { mfaCode: used });
  expect(first.answer.status).toBe(200);
  const { body } = await tryLogIn(server.url, device.id, password);
  expect((await finishAgain(device, body, used)).body["code"]).toBe("mfa-refused");
  nowMs += 30_000;
  const next = code();
  expect((await finishAgain(device, body, next)).status).toBe(200);
});

test("[P4-61] the code that confirmed the enrolment is used up", async () => {
  const device = await register(server.url, `mfa${(users += 1)}@example.com`);
  const started = succeeded<{ enrolmentId: string; secret: string }>(
    await callSigned(device, operations4.startTotp, { body: {} }),
  );
  const totp = new TOTP({ secret: Secret.fromBase32(started.secret) });
  const code = totp.generate({ timestamp: nowMs });
  const { enrolmentId } = started;
  const wrong = code === "000000" ? "000001" : "000000";
  const confirm = (code: string) =>
    callSigned(device, operations4.confirmTotp, { body: { enrolmentId, code } });
  expect((await confirm(wrong)).body["code"]).toBe("mfa-refused");
  expect((await confirm(code)).status).toBe(200);
  const { answer } = await tryLogIn(server.url, device.id, password, { mfaCode: code });
  expect(answer.body["code"]).toBe("mfa-refused");
});

test("[P4-62] a recovery code opens one login, however it is typed", async () => {
  const { device, recoveryCodes } = await newAccount();
  const [first = ""] = recoveryCodes;
  const typed = ` ${first.toUpperCase().replaceAll("-", " ")} `;
  const opened = await tryLogIn(server.url, device.id, password, { mfaCode: typed });
  expect(opened.answer.status).toBe(200);
  const again = await tryLogIn(server.url, device.id, password, { mfaCode: first });
  expect(again.answer.body["code"]).toBe("mfa-refused");
  const account = await device.call(operations4.getAccount, { token: device.token });
  expect(account.body["mfa"]).toEqual({ totp: true, recoveryCodesLeft: 9 });

  const renewed = succeeded<{ recoveryCodes: string[] }>(
    await callSigned(device, operations4.renewRecoveryCodes, { body: {} }),
  );
  const { body } = await tryLogIn(server.url, device.id, password);
  const { 1: old = "" } = recoveryCodes;
  const { 0: fresh = "" } = renewed.recoveryCodes;
  expect((await finishAgain(device, body, old)).body["code"]).toBe("mfa-refused");
  expect((await finishAgain(device, body, fresh)).status).toBe(200);
  expect((await callSigned(device, operations4.removeRecoveryCodes)).status).toBe(204);
});

test("[P4-63] attempts are counted per account before a code is looked at", async () => {
  const { device, code } = await newAccount();
  const { body } = await tryLogIn(server.url, device.id, password);
  const statuses: number[] = [];
  for (let attempt = 1; attempt <= 12; attempt += 1) {
    statuses.push((await finishAgain(device, body, "zzzzzz")).status);
  }
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
  const limited = await finishAgain(device, body, code());
  expect(limited).toMatchObject({ status: 429, body: { code: "rate-limited" } });
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("[P4-63] a thief with the password does not use up the attempts of a network where a code was right", async () => {
  const { device, code } = await newAccount();
  const home = await tryLogIn(server.url, device.id, password);
  expect((await finishAgain(device, home.body, code(), "198.51.100.7")).status).toBe(200);
  nowMs += 60_000;
  const thief = await tryLogIn(server.url, device.id, password, { deviceId: "thief" });
  for (let attempt = 1; attempt <= 11; attempt += 1) {
    await finishAgain(device, thief.body, "zzzzzz", `203.0.113.${attempt}`);
  }
  // From wherever else: the attempts of all strangers are one count.
  const stranger = await finishAgain(device, thief.body, code(), "203.0.113.99");
  expect(stranger.body["code"]).toBe("rate-limited");
  const again = await tryLogIn(server.url, device.id, password);
  expect((await finishAgain(device, again.body, code(), "198.51.100.7")).status).toBe(200);
});

test("[P4-63] attempts to enrol are the session's own", async () => {
  const device = await register(server.url, `mfa${(users += 1)}@example.com`);
  const body = { enrolmentId: "A".repeat(22), code: "000000" };
  const tries: unknown[] = [];
  for (let attempt = 1; attempt <= 11; attempt += 1) {
    tries.push((await callSigned(device, operations4.confirmTotp, { body })).body["code"]);
  }
  expect(tries).toEqual([...Array.from({ length: 10 }, () => "start-again"), "rate-limited"]);
});

test("[P4-60] turned off, it is not asked for; turned on twice, it is refused", async () => {
  const { device, started } = await newAccount();
  expect(started.uri).toMatch(/^otpauth:\/\/totp\//);
  expect((await callSigned(device, operations4.startTotp, { body: {} })).body["code"]).toBe(
    "mfa-on",
  );
  expect((await callSigned(device, operations4.removeTotp)).status).toBe(204);
  expect((await callSigned(device, operations4.removeTotp)).body["code"]).toBe("mfa-off");
  expect((await tryLogIn(server.url, device.id, password)).answer.status).toBe(200);
});

test("[P4-11] neither secret nor codes are in what the host stores or says", async () => {
  const { started, recoveryCodes } = await newAccount();
  for (const secret of [started.secret, ...recoveryCodes]) {
    expect(server.output()).not.toContain(secret);
  }
});

import { recoveryLookupId, recoverySlotKey, signLogin } from "@holdfast/crypto";
import { type Credentials, limits4, operations4 } from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  callSigned,
  createCall,
  type Device4,
  logIn,
  opaqueClient,
  openCredentials,
  push,
  randomId,
  register,
  succeeded,
  tryLogIn,
} from "../../testing/client-4.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
let server: TestServer;
let nowMs = Date.now();
let device: Device4;

beforeAll(async () => {
  server = await startTestServer({ clock: () => nowMs });
  device = await register(server.url, "Ann@Example.org");
});
afterAll(() => server.close());

const challenge = async (request: object) =>
  succeeded<{ nonce: string; expiresAt: number }>(
    await device.call(operations4.challengeSession, { body: request }),
  );

/** A login by authority signature. */
async function signIn(
  purpose: "session" | "recovery" | "pairing",
  more: object = {},
  changes: object = {},
) {
  const { identity } = device.account.state.account;
  const deviceId = "tablet";
  const { nonce, expiresAt } = await challenge({ purpose, identity, deviceId, ...more });
  const statement = {
    hostOrigin: device.origin,
    identity,
    deviceId,
    purpose,
    nonce,
    expiresAt,
    ...changes,
  };
  const signature = signLogin(statement, device.account.keyring.authoritySeed);
  const body = { nonce, signature, deviceName: "Tablet" };
  return { body, answer: await device.call(operations4.signatureSession, { body }) };
}

describe("by password", () => {
  test("[P4-30] the right password opens the account, whatever the case of the id", async () => {
    const { answer, outcome } = await tryLogIn(server.url, " ANN@example.ORG ", password);
    expect(answer).toMatchObject({ status: 200, body: { id: "Ann@Example.org" } });
    expect(outcome.type).toBe("opened");
    const opened = await logIn(device, password, "phone");
    expect(opened.account.state.hash).toBe(device.account.state.hash);
    expect((await push(opened, "from the phone")).status).toBe(200);
  });

  test("[P4-31] unknown id and wrong password get the same answers", async () => {
    const call = createCall(server.url);
    const rounds = [];
    for (const id of ["ann@example.org", "nobody@example.org"]) {
      const round = opaqueClient.startLogin("wrong password");
      const started = await call(operations4.startSession, {
        body: { id, login: round.request },
      });
      const { loginId, response } = started.body as { loginId: string; response: string };
      const opened = opaqueClient.finishLogin("wrong password", round, response, device.origin);
      const finished = await call(operations4.finishSession, {
        body: { loginId, finish: randomId(96), device: { deviceId: "x", name: "X" } },
      });
      rounds.push({
        status: started.status,
        fields: Object.entries(started.body).map(([name, text]) => [name, String(text).length]),
        opened: opened.type,
        finished: { status: finished.status, body: finished.body },
      });
    }
    expect(rounds[0]).toEqual(rounds[1]);
    expect(rounds[0]).toMatchObject({
      status: 200,
      opened: "refused",
      finished: { status: 401, body: { code: "login-refused" } },
    });
  });

  test("[P4-32] a login's first round serves once, and for a minute", async () => {
    const { body } = await tryLogIn(server.url, device.id, password, { deviceId: "once" });
    expect(await device.call(operations4.finishSession, { body })).toMatchObject({
      status: 401,
      body: { code: "login-refused" },
    });
    const round = opaqueClient.startLogin(password);
    const started = await device.call(operations4.startSession, {
      body: { id: device.id, login: round.request },
    });
    const { loginId, response } = started.body as { loginId: string; response: string };
    const outcome = opaqueClient.finishLogin(password, round, response, device.origin);
    nowMs += limits4.nonceMs;
    const late = {
      loginId,
      finish: outcome.type === "opened" ? outcome.finish : "",
      device: { deviceId: "late", name: "Late" },
    };
    expect(await device.call(operations4.finishSession, { body: late })).toMatchObject({
      status: 401,
      body: { code: "login-refused" },
    });
  });

  test("[P4-32] a proof for another origin opens nothing here", async () => {
    const round = opaqueClient.startLogin(password);
    const started = await device.call(operations4.startSession, {
      body: { id: device.id, login: round.request },
    });
    const { loginId, response } = started.body as { loginId: string; response: string };
    const elsewhere = "https://evil.example" as typeof device.origin;
    const outcome = opaqueClient.finishLogin(password, round, response, elsewhere);
    const body = {
      loginId,
      finish: outcome.type === "opened" ? outcome.finish : "",
      device: { deviceId: "relayed", name: "Relayed" },
    };
    expect(await device.call(operations4.finishSession, { body })).toMatchObject({
      status: 401,
      body: { code: "login-refused" },
    });
  });

  test("[P4-3] what is no OPAQUE message is malformed", async () => {
    const body = { id: device.id, login: randomId(96) };
    const answer = await device.call(operations4.startSession, { body });
    expect(answer.status).toBe(400);
    expect(answer.body["code"]).toBe("malformed-request");
  });
});

describe("by signature", () => {
  test("[P4-33] the authority key logs a device in without a password", async () => {
    const { answer } = await signIn("session");
    expect(answer.status).toBe(200);
    const { session } = answer.body as { session: { token: string } };
    const listed = await device.call(operations4.listSessions, { token: session.token });
    expect(listed.body["sessions"]).toContainEqual(
      expect.objectContaining({ deviceId: "tablet", name: "Tablet", current: true }),
    );
  });

  test("[P4-33] a signature serves once, and for exactly what the host asked", async () => {
    const { body } = await signIn("session");
    expect(await device.call(operations4.signatureSession, { body })).toMatchObject({
      status: 401,
      body: { code: "login-refused" },
    });
    for (const changes of [
      { hostOrigin: "https://evil.example" },
      { deviceId: "other" },
      { purpose: "pairing" },
      { nonce: randomId(32) },
      { expiresAt: nowMs + 3_600_000 },
    ]) {
      const { answer } = await signIn("session", {}, changes);
      expect(answer).toMatchObject({ status: 401, body: { code: "login-refused" } });
    }
  });

  test("[P4-31] an unknown identity gets a challenge and a refusal like a known one", async () => {
    const identity = randomId(32);
    const { nonce } = await challenge({ purpose: "session", identity, deviceId: "x" });
    const body = { nonce, signature: randomId(64), deviceName: "X" };
    expect(await device.call(operations4.signatureSession, { body })).toMatchObject({
      status: 401,
      body: { code: "login-refused" },
    });
  });

  test("[P4-33] the purposes that spare the second factor have to be shown", async () => {
    const lookupId = recoveryLookupId(device.entropy);
    expect((await signIn("recovery", { lookupId })).answer.status).toBe(200);
    expect((await signIn("recovery", { lookupId: randomId(32) })).answer.status).toBe(401);
    expect((await signIn("pairing", { pairingId: randomId(16) })).answer.status).toBe(401);
  });
});

describe("recovery", () => {
  test("[P4-38] the phrase's look-up id gives the recovery slot, and the phrase opens it", async () => {
    const lookupId = recoveryLookupId(device.entropy);
    const answer = await device.call(operations4.recover, { body: { lookupId } });
    const { credentials } = succeeded<{ credentials: Credentials }>(answer);
    expect(credentials.slots).toHaveLength(1);
    const opened = openCredentials(credentials, recoverySlotKey(device.entropy), "recovery");
    expect(opened.state.hash).toBe(device.account.state.hash);
  });

  test("[P4-38] an unknown look-up id opens nothing", async () => {
    const body = { lookupId: randomId(32) };
    expect(await device.call(operations4.recover, { body })).toMatchObject({
      status: 404,
      body: { code: "unknown-recovery" },
    });
  });
});

describe("sessions", () => {
  test("[P4-35] a device has one session: a new login ends the one before", async () => {
    const first = await logIn(device, password, "twice");
    const second = await logIn(device, password, "twice");
    const list = (token: string) => device.call(operations4.listSessions, { token });
    expect(await list(first.token)).toMatchObject({ status: 401, body: { code: "session-ended" } });
    expect((await list(second.token)).status).toBe(200);
  });

  test("[P4-35] logging out ends the session", async () => {
    const { token } = await logIn(device, password, "leaving");
    expect((await device.call(operations4.endCurrentSession, { token })).status).toBe(204);
    expect(await device.call(operations4.getAccount, { token })).toMatchObject({ status: 401 });
  });

  test("[P4-40] ending another session needs a signature, which serves once and for this alone", async () => {
    const other = await logIn(device, password, "stolen");
    const listed = await device.call(operations4.listSessions, { token: device.token });
    const { sessions } = listed.body as { sessions: { sessionId: string; deviceId: string }[] };
    const sessionId = sessions.find(({ deviceId }) => deviceId === "stolen")?.sessionId ?? "";
    const values = { sessionId };
    const operation = operations4.endSession;
    expect(await device.call(operation, { values, token: device.token })).toMatchObject({
      status: 403,
      body: { code: "signature-required" },
    });
    // Signed for another session.
    const wrong = { ...operation, path: `/sessions/${randomId()}` };
    const signed = await callSigned(device, { ...wrong, method: "DELETE" });
    expect(signed).toMatchObject({ status: 404, body: { code: "unknown-session" } });
    expect((await callSigned(device, operation, { values })).status).toBe(204);
    expect(await other.call(operations4.getAccount, { token: other.token })).toMatchObject({
      status: 401,
    });
  });

  test("[P4-36] sessions end when they are not used, and move their end with use", async () => {
    const used = await logIn(device, password, "used");
    const idle = await logIn(device, password, "idle");
    const account = (token: string) => device.call(operations4.getAccount, { token });
    nowMs += limits4.sessionMs - 1000;
    expect((await account(used.token)).status).toBe(200);
    nowMs += 1000;
    expect((await account(used.token)).status).toBe(200);
    expect((await account(idle.token)).status).toBe(401);
    nowMs += limits4.sessionMs - 1001;
    expect((await account(used.token)).status).toBe(200);
  });
});

import { parseHostOrigin } from "@holdfast/crypto";
import { endpoints3 } from "@holdfast/protocol";
import { limits4, operations4 } from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Call4,
  createCall,
  opaqueClient,
  prepareAccount,
  randomId,
  tryLogIn,
} from "../../testing/client-4.ts";
import { mailedCode, mailsTo } from "../../testing/mailed.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
let nowMs = Date.now();

function suite(env: Record<string, string>) {
  const host = {} as { server: TestServer; call: Call4 };
  beforeAll(async () => {
    host.server = await startTestServer({ env, clock: () => nowMs });
    host.call = createCall(host.server.url);
  });
  afterAll(() => host.server.close());
  const prepare = (id: string) =>
    prepareAccount(host.call, parseHostOrigin(host.server.url), id, password, "laptop");
  const finish = (body: object) => host.call(operations4.finishAccount, { body });
  return { host, prepare, finish };
}

describe("where anybody may register", () => {
  const { host, prepare, finish } = suite({});

  test("[P4-20] registration gives an identity and a session", async () => {
    const { body, changed } = await prepare("Ann@example.com");
    const { status, body: answer } = await finish(body);
    const { identity } = changed.account.state.account;
    expect({ status, identity: answer["identity"] }).toEqual({ status: 201, identity });
    const { token } = answer["session"] as { token: string };
    expect(await host.call(operations4.getAccount, { token })).toMatchObject({
      status: 200,
      body: {
        id: "Ann@example.com",
        version: 4,
        identity,
        epoch: 1,
        verified: true,
        mfa: { totp: false, recoveryCodesLeft: 0 },
        wallets: [{ walletId: "default", generation: 1 }],
      },
    });
  });

  test("[P4-22] an address has one account, of whatever protocol", async () => {
    await finish((await prepare("twice@example.com")).body);
    expect(await finish((await prepare("TWICE@example.com")).body)).toMatchObject({
      status: 409,
      body: { code: "id-taken" },
    });
    await host.server.signUp("old@example.com");
    expect((await finish((await prepare("old@example.com")).body)).body["code"]).toBe("id-taken");
    expect((await host.server.signUp("twice@example.com")).status).toBe(409);
  });

  test("[P4-21] nothing is stored unless everything fits", async () => {
    const { body: other } = await prepare("other@example.com");
    const { body } = await prepare("strict@example.com");
    for (const changes of [
      { record: other["record"] },
      { keyring: other["keyring"] },
      { slots: other["slots"] },
      { slots: [] },
      { state: { ...(body["state"] as object), signature: randomId(64) } },
    ]) {
      const { body: next } = await prepare("strict@example.com");
      const answer = await finish({ ...next, ...changes });
      expect(answer.body["code"]).toMatch(/refused-state|malformed-request/);
    }
    expect((await tryLogIn(host.server.url, "strict@example.com", password)).answer.status).toBe(
      401,
    );
  });

  test("[P4-20] what was begun serves once, and ten minutes", async () => {
    const { body } = await prepare("once@example.com");
    expect((await finish(body)).status).toBe(201);
    expect(await finish(body)).toMatchObject({ status: 410, body: { code: "start-again" } });
    const late = await prepare("late@example.com");
    nowMs += limits4.startedMs;
    expect((await finish(late.body)).body["code"]).toBe("start-again");
  });

  test("[P4-22] a first state that somebody registered is refused under another address", async () => {
    const { body } = await prepare("first@example.com");
    const { body: copying } = await prepare("second@example.com");
    expect((await finish(body)).status).toBe(201);
    const { registrationId } = copying as { registrationId: string };
    expect(await finish({ ...body, registrationId })).toMatchObject({
      status: 409,
      body: { code: "identity-taken" },
    });
  });
});

describe("where those on a list may register", () => {
  const { host, finish, prepare } = suite({
    ACCOUNT_VERIFICATION_MODE: "Whitelist",
    ACCOUNT_WHITELIST: "ann@example.com",
  });

  test("[P4-20] others are told so before anything else", async () => {
    const registration = opaqueClient.startRegistration(password).request;
    const body = { id: "bob@example.com", registration };
    expect(await host.call(operations4.startAccount, { body })).toMatchObject({
      status: 403,
      body: { code: "not-invited" },
    });
    expect((await finish((await prepare("ANN@example.com")).body)).status).toBe(201);
    expect((await host.call(operations4.getHost)).body).toMatchObject({ signUp: "invited" });
  });
});

describe("where addresses are verified by mail", () => {
  const { host, prepare, finish } = suite({ ACCOUNT_VERIFICATION_MODE: "EmailVerify" });
  const verify = (registrationId: string, code: string) =>
    host.call(operations4.verifyAccount, { body: { registrationId, code } });
  const code = (address: string) => mailedCode(host.server, address) ?? "";
  const wrong = (right: string) => (right === "00000000" ? "00000001" : "00000000");

  test("[P4-23] the mailed code, typed into the registering device, makes the account", async () => {
    const { body, registrationId } = await prepare("ann@example.com");
    expect(await finish(body)).toMatchObject({ status: 202 });
    expect((await tryLogIn(host.server.url, "ann@example.com", password)).answer.status).toBe(401);
    const mailed = code("ann@example.com");
    // The code alone, without the registration that it belongs to, is nothing.
    expect((await verify(randomId(), mailed)).body["code"]).toBe("code-refused");
    expect((await verify(registrationId, mailed)).status).toBe(201);
    expect((await tryLogIn(host.server.url, "ann@example.com", password)).answer.status).toBe(200);
    expect((await verify(registrationId, mailed)).body["code"]).toBe("code-refused");
  });

  test("[P4-23] a code has five guesses and an hour", async () => {
    const guessed = await prepare("guessed@example.com");
    await finish(guessed.body);
    const right = code("guessed@example.com");
    for (let guess = 1; guess <= limits4.mailedCodeGuesses; guess += 1) {
      const answer = await verify(guessed.registrationId, wrong(right));
      expect(answer).toMatchObject({ status: 401, body: { code: "code-refused" } });
    }
    expect((await verify(guessed.registrationId, right)).status).toBe(401);

    const late = await prepare("late@example.com");
    await finish(late.body);
    nowMs += limits4.mailedCodeMs;
    expect((await verify(late.registrationId, code("late@example.com"))).status).toBe(401);
  });

  test("[P4-23] registrations of one address wait apart, and the first verified one wins", async () => {
    const first = await prepare("raced@example.com");
    const second = await prepare("raced@example.com");
    await finish(first.body);
    const firstCode = code("raced@example.com");
    await finish(second.body);
    const secondCode = code("raced@example.com");
    expect((await verify(first.registrationId, secondCode)).status).toBe(401);
    expect((await verify(second.registrationId, secondCode)).status).toBe(201);
    expect(await verify(first.registrationId, firstCode)).toMatchObject({
      status: 409,
      body: { code: "id-taken" },
    });
  });

  test("[P4-23] nothing tells a stranger that an address is taken; its mailbox is told", async () => {
    const owner = await prepare("owner@example.com");
    await finish(owner.body);
    await verify(owner.registrationId, code("owner@example.com"));

    const answers = [];
    for (const id of ["owner@example.com", "free@example.com"]) {
      const { body, registrationId } = await prepare(id);
      const finished = await finish(body);
      const verified = await verify(registrationId, "12345678");
      answers.push([finished.status, Object.keys(finished.body), verified.status, verified.body]);
    }
    expect(answers[0]).toEqual(answers[1]);
    const [, told] = mailsTo(host.server, "owner@example.com");
    expect(told).toContain("has an account already");
    expect(told).not.toMatch(/^[0-9]{8}$/m);
  });

  test("[P4-24] an address that somebody signed up over protocol 3 and never verified is free", async () => {
    const email = "squatted@example.com";
    await host.server.signUp(email);
    const { body, registrationId } = await prepare(email);
    expect((await finish(body)).status).toBe(202);
    expect((await verify(registrationId, code(email))).status).toBe(201);
    const logIn = { email, password: "derived-login-password", deviceId: "squatter" };
    expect((await host.server.post(endpoints3.logIn, logIn)).status).toBe(401);
  });
});

import { recoveryLookupId, signLogin } from "@holdfast/crypto";
import { endpoints3 } from "@holdfast/protocol";
import { type Operation4, operations4 } from "@holdfast/protocol/protocol-4";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Answer4,
  type Call4,
  callSigned,
  type CallOptions,
  createCall,
  type Device4,
  mainWallet,
  nextRevision,
  opaqueClient,
  prepareAccount,
  push,
  randomId,
  register,
  revisionBody,
  startPassword,
  tryLogIn,
  update,
} from "../../testing/client-4.ts";
import { mailedCode } from "../../testing/mailed.ts";
import {
  type Answer,
  otherSaltSeed,
  password,
  saltSeed,
  startTestServer,
  type TestServer,
} from "../../testing/test-server.ts";

interface Documented {
  readonly operationId: string;
  readonly responses: Record<
    string,
    { readonly content?: Record<string, { readonly schema: object }> }
  >;
}
type OpenApi = {
  readonly paths: Record<string, Record<string, Documented>>;
  readonly components: object;
};

let server: TestServer;
let byMail: TestServer;
let document: OpenApi;
let device: Device4;
const called = new Set<string>();
const ajv = new Ajv2020({ strict: false, validateFormats: false });

beforeAll(async () => {
  server = await startTestServer();
  byMail = await startTestServer({ env: { ACCOUNT_VERIFICATION_MODE: "EmailVerify" } });
  document = (await server.get("/api/openapi.json")).body as OpenApi;
  ajv.addSchema({ $id: "api", components: document.components });
  device = await register(server.url, "documented@example.com");
});
afterAll(() => Promise.all([server.close(), byMail.close()]));

/** Holds an answer to what the document says of its operation, and answers it. */
function held<Given extends Answer | Answer4>(path: string, method: string, answer: Given): Given {
  const documented = document.paths[path]?.[method.toLowerCase()];
  const response = documented?.responses[String(answer.status)];
  expect([method, path, answer.status, response !== undefined]).toEqual([
    method,
    path,
    answer.status,
    true,
  ]);
  called.add(documented?.operationId ?? "");
  const fault = faultOf(response?.content, answer);
  expect([method, path, answer.status, fault]).toEqual([method, path, answer.status, undefined]);
  return answer;
}

/** What an answer has that the document does not say. */
function faultOf(content: Documented["responses"][string]["content"], answer: Answer | Answer4) {
  if (content === undefined) return answer.text === "" ? undefined : "a body";
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
  const schema = content[type]?.schema;
  if (schema === undefined) return type;
  const resolved = JSON.stringify(schema).replaceAll("#/components", "api#/components");
  const validate = ajv.compile(JSON.parse(resolved) as object);
  return validate(answer.body) ? undefined : validate.errors;
}

const documentedPath = ({ path }: Operation4): string =>
  `/api/4${path.replaceAll(/:([a-zA-Z]+)/g, "{$1}")}`;

/** Calls an operation, expects the status and holds the answer to the document. */
async function check(
  operation: Operation4,
  status: number,
  options: CallOptions = {},
  call: Call4 = device.call,
): Promise<Answer4> {
  const answer = held(documentedPath(operation), operation.method, await call(operation, options));
  expect([operation.path, answer.status, answer.text]).toEqual([
    operation.path,
    status,
    answer.text,
  ]);
  return answer;
}

async function checkSigned(
  operation: Operation4,
  status: number,
  options: CallOptions = {},
): Promise<Answer4> {
  const answer = await callSigned(device, operation, options);
  expect([operation.path, answer.status]).toEqual([operation.path, status]);
  return held(documentedPath(operation), operation.method, answer);
}

test("[P4-95] the document names every operation once", () => {
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  for (const name of Object.keys(operations4)) expect(ids).toContain(name);
  for (const path of Object.values(endpoints3)) {
    expect(path in document.paths || path === endpoints3.websocket).toBe(true);
  }
});

describe("[P4-95] answers are as documented", () => {
  test("of protocol 3", async () => {
    const email = "three@example.com";
    const post = async (path: string, body: object, host = server) =>
      held(path, "post", await host.post(path, body));
    const get = async (path: string, query: string, host = server) =>
      held(path, "get", await host.get(`${path}${query}`));
    expect(
      (await post(endpoints3.signUp, { email, password, clientSaltSeed: saltSeed })).status,
    ).toBe(201);
    const { body } = await post(endpoints3.logIn, { email, password, deviceId: "laptop" });
    const { token } = body as { token: string };
    const wallet = { token, encryptedWallet: "w", sequence: 1, hmac: "h" };
    expect((await get(endpoints3.wallet, `?token=${token}`)).status).toBe(404);
    expect((await post(endpoints3.wallet, wallet)).status).toBe(200);
    expect((await post(endpoints3.wallet, wallet)).status).toBe(409);
    expect((await get(endpoints3.wallet, `?token=${token}`)).status).toBe(200);
    const parameter = encodeURIComponent(Buffer.from(email).toString("base64"));
    expect((await get(endpoints3.clientSaltSeed, `?email=${parameter}`)).status).toBe(200);
    const change = {
      email,
      oldPassword: password,
      newPassword: "another password",
      clientSaltSeed: otherSaltSeed,
      encryptedWallet: "w",
      sequence: 2,
      hmac: "h",
    };
    expect((await post(endpoints3.password, change)).status).toBe(200);
    expect((await post(endpoints3.resendVerification, { email })).status).toBe(403);
    await byMail.signUp(email);
    expect((await post(endpoints3.resendVerification, { email }, byMail)).status).toBe(200);
    const link = /verifyToken=([0-9a-f]{64})/.exec(byMail.output())?.[1] ?? "";
    expect((await get(endpoints3.verify, `?verifyToken=${link}`, byMail)).status).toBe(200);
    expect((await get(endpoints3.verify, "?verifyToken=x", byMail)).status).toBe(403);
  });

  test("of registration and log-in", async () => {
    await check(operations4.getHost, 200);
    const registration = opaqueClient.startRegistration("a password").request;
    const id = "registering@example.com";
    await check(operations4.startAccount, 200, { body: { id, registration } });
    const prepared = await prepareAccount(device.call, device.origin, id, "a password", "laptop");
    await check(operations4.finishAccount, 201, { body: prepared.body });
    await check(operations4.finishAccount, 410, { body: prepared.body });

    const mailCall = createCall(byMail.url);
    const origin = byMail.url as typeof device.origin;
    const mailed = await prepareAccount(mailCall, origin, id, "a password", "laptop");
    await check(operations4.finishAccount, 202, { body: mailed.body }, mailCall);
    const { registrationId } = mailed;
    const code = mailedCode(byMail, id);
    await check(operations4.verifyAccount, 201, { body: { registrationId, code } }, mailCall);
    await check(operations4.verifyAccount, 401, { body: { registrationId, code } }, mailCall);

    const login = opaqueClient.startLogin("a password").request;
    await check(operations4.startSession, 200, { body: { id, login } });
    const { answer, body } = await tryLogIn(server.url, id, "a password");
    held("/api/4/sessions/finish", "post", answer);
    await check(operations4.finishSession, 401, { body });

    const { identity } = device.account.state.account;
    const deviceId = "tablet";
    const purpose = "session" as const;
    const challenge = await check(operations4.challengeSession, 200, {
      body: { purpose, identity, deviceId },
    });
    const { nonce, expiresAt } = challenge.body as { nonce: string; expiresAt: number };
    const statement = { hostOrigin: device.origin, identity, deviceId, purpose, nonce, expiresAt };
    const signature = signLogin(statement, device.account.keyring.authoritySeed);
    const signed = { nonce, signature, deviceName: "Tablet" };
    await check(operations4.signatureSession, 200, { body: signed });
    await check(operations4.signatureSession, 401, { body: signed });
    const lookupId = recoveryLookupId(device.entropy);
    await check(operations4.recover, 200, { body: { lookupId } });
    await check(operations4.recover, 404, { body: { lookupId: randomId(32) } });
    expect([...called]).toContain("recover");
  });

  test("of wallets", async () => {
    const { token } = device;
    const values = { walletId: mainWallet };
    await check(operations4.getWallet, 404, { values, token });
    const first = revisionBody(device, nextRevision(device, "one"));
    await check(operations4.putWallet, 422, {
      values,
      token,
      body: { ...first, certificate: undefined },
    });
    await push(device, "one");
    const second = nextRevision(device, "two");
    await check(operations4.putWallet, 200, { values, token, body: revisionBody(device, second) });
    await check(operations4.putWallet, 409, { values, token, body: first });
    const { headers } = await check(operations4.getWallet, 200, { values, token });
    const etag = headers.get("etag") ?? "";
    await check(operations4.getWallet, 304, { values, token, headers: { "if-none-match": etag } });
    await check(operations4.listRevisions, 200, { values, token, query: { after: 0 } });
    await check(operations4.getRevision, 200, { values: { ...values, sequence: 1 }, token });
    const { header, encryptedWallet } = revisionBody(device, second);
    const healing = { headers: [header], encryptedWallet, certificates: [] };
    await check(operations4.healWallet, 200, { values, token, body: healing });
    await check(operations4.getWallet, 401, { values });
    expect([...called]).toContain("healWallet");
  });

  test("of sessions, credentials, pairing and events", async () => {
    const { token } = device;
    await check(operations4.getAccount, 200, { token });
    const { body } = await check(operations4.listSessions, 200, { token });
    const { sessions } = body as { sessions: { sessionId: string; deviceId: string }[] };
    const values = {
      sessionId: sessions.find(({ deviceId }) => deviceId === "tablet")?.sessionId ?? "",
    };
    await check(operations4.endSession, 403, { values, token });
    await checkSigned(operations4.endSession, 204, { values });
    await checkSigned(operations4.endSession, 404, { values });
    await check(operations4.challenge, 200, { token });
    await check(operations4.createTicket, 200, { token });
    await check(operations4.getCredentials, 200, { token, query: { after: 0 } });
    const registration = opaqueClient.startRegistration("a new password").request;
    await check(operations4.startCredentials, 200, { token, body: { registration } });

    const { change, account } = update(device, { addWallets: ["Savings"] });
    const request = { states: [change.state], slots: [], keyring: change.keyring };
    await check(operations4.putCredentials, 200, { token, body: request });
    device.account = account;
    const { identity } = account.state.account;
    await check(operations4.healCredentials, 200, { body: { identity, ...request } });
    const { slot, password: proof } = await startPassword(device, "a new password");
    const next = update(device, { addSlots: [slot] });
    const answer = await check(operations4.putCredentials, 200, {
      token,
      body: { states: [next.change.state], slots: next.change.slots, password: proof },
    });
    device.account = next.account;
    device.token = (answer.body as { session: { token: string } }).session.token;

    const pairingId = randomId();
    const pairing = { pairingId };
    const started = await check(operations4.startPairing, 201, { body: pairing });
    const { claim } = started.body as { claim: string };
    await check(operations4.getPairing, 204, { values: pairing, token: claim });
    const message = "c2VhbGVk";
    await check(operations4.putPairing, 204, {
      values: pairing,
      token: device.token,
      body: { message },
    });
    await check(operations4.getPairing, 200, { values: pairing, token: claim });
    expect([...called]).toContain("getPairing");
  });

  test("of the second factor, of addresses, of the end", async () => {
    const started = await checkSigned(operations4.startTotp, 200, { body: {} });
    const { enrolmentId, secret } = started.body as { enrolmentId: string; secret: string };
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    await checkSigned(operations4.confirmTotp, 200, { body: { enrolmentId, code } });
    await checkSigned(operations4.renewRecoveryCodes, 200, { body: {} });
    await checkSigned(operations4.removeRecoveryCodes, 204);
    await checkSigned(operations4.removeTotp, 204);
    await checkSigned(operations4.changeId, 200, { body: { id: "renamed@example.com" } });
    await check(operations4.verifyId, 401, {
      token: device.token,
      body: { changeId: randomId(), code: "12345678" },
    });
    await checkSigned(operations4.deleteAccount, 204);
    const { token } = await register(server.url, "leaving@example.com");
    await check(operations4.endCurrentSession, 204, { token });
    expect([...called]).toContain("endCurrentSession");
  });

  test("of the upgrade", async () => {
    const email = "upgrading@example.com";
    await server.signUp(email);
    const prepared = await prepareAccount(
      device.call,
      device.origin,
      email,
      "a password",
      "laptop",
    );
    const body = { ...prepared.body, loginPassword: password };
    await check(operations4.upgrade, 201, { body });
    await check(operations4.upgrade, 410, { body });
    expect([...called]).toContain("upgrade");
  });

  test("and every operation was called", () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(ids.filter((id) => !called.has(id))).toEqual([]);
  });
});

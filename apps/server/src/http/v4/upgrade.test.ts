import { generationKeys, sealRevision, secretOf, signCertificate } from "@holdfast/crypto";
import { endpoints3 } from "@holdfast/protocol";
import { type CreatedAccountAnswer, operations4 } from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCall,
  mainWallet,
  prepareAccount,
  random,
  succeeded,
  tryLogIn,
} from "../../testing/client-4.ts";
import { parseHostOrigin } from "@holdfast/crypto";
import {
  password as loginPassword,
  startTestServer,
  type TestServer,
} from "../../testing/test-server.ts";

let server: TestServer;
let users = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const newPassword = "a new password";

/** The body of an upgrade, and who asks for it. */
async function prepare(email: string, base?: { sequence: number; hmac: string }) {
  const call = createCall(server.url);
  const origin = parseHostOrigin(server.url);
  const prepared = await prepareAccount(call, origin, email, newPassword, "laptop");
  const { account } = prepared.changed;
  const revision = sealRevision(
    {
      identity: account.state.account.identity,
      walletId: mainWallet,
      generation: 1,
      epoch: 1,
      deviceId: "laptop",
      savedAt: Date.now(),
      content: {
        format: "json",
        document: "{}",
        conflicts: "[]",
        retired: "[]",
      },
      keys: generationKeys(secretOf(account.keyring, mainWallet, 1)),
    },
    random,
  );
  const wallet = {
    header: revision.header.signed,
    encryptedWallet: Buffer.from(revision.encryptedWallet).toString("base64url"),
    certificate: signCertificate(account, mainWallet, 1),
  };
  const body = { ...prepared.body, loginPassword, ...(base !== undefined && { base, wallet }) };
  return { call, body, revision };
}

const newUser = async () => {
  const email = `upgrade${(users += 1)}@example.com`;
  return { email, token: await server.newUser(email) };
};
const saltSeed = (email: string) =>
  server.get(
    `${endpoints3.clientSaltSeed}?email=${encodeURIComponent(Buffer.from(email).toString("base64"))}`,
  );

test("[P4-90] an account with a wallet becomes one of protocol 4 with its first revision", async () => {
  const { email, token } = await newUser();
  await server.putWallet(token, 1);
  await server.putWallet(token, 2);
  const socket = await server.openSocket(token);
  const { call, body, revision } = await prepare(email, { sequence: 2, hmac: "hmac 2" });
  const created = succeeded<CreatedAccountAnswer>(await call(operations4.upgrade, { body }));

  const wallet = await call(operations4.getWallet, {
    values: { walletId: mainWallet },
    token: created.session.token,
  });
  expect(wallet.headers.get("etag")).toBe(`"${revision.header.hash}"`);
  expect((await tryLogIn(server.url, email, newPassword)).answer.status).toBe(200);
  expect((await socket.closed).code).toBe(4401);
});

test("[P3-29] [P4-91] afterwards protocol 3 answers 403 with a clear text, and old tokens are over", async () => {
  const { email, token } = await newUser();
  await server.putWallet(token, 1);
  // So that the caches of protocol 3 have something to forget.
  expect((await server.get(`${endpoints3.wallet}?token=${token}`)).status).toBe(200);
  const { call, body } = await prepare(email, { sequence: 1, hmac: "hmac 1" });
  succeeded(await call(operations4.upgrade, { body }));

  const clear = { error: expect.stringContaining("protocol 4") as string };
  const logIn = { email, password: loginPassword, deviceId: "old" };
  expect(await server.post(endpoints3.logIn, logIn)).toMatchObject({ status: 403, body: clear });
  expect(await saltSeed(email)).toMatchObject({ status: 403, body: clear });
  const change = {
    email,
    oldPassword: loginPassword,
    newPassword: "another password",
    clientSaltSeed: "a5".repeat(32),
  };
  expect(await server.post(endpoints3.password, change)).toMatchObject({
    status: 403,
    body: clear,
  });
  expect((await server.get(`${endpoints3.wallet}?token=${token}`)).status).toBe(401);
  expect((await server.putWallet(token, 2)).status).toBe(401);
  expect((await server.signUp(email)).status).toBe(409);
});

test("[P4-92] an upgrade that does not hold leaves the old account as it was", async () => {
  const { email, token } = await newUser();
  await server.putWallet(token, 1);
  const stored = { sequence: 1, hmac: "hmac 1" };
  const refusals: [object, { sequence: number; hmac: string } | undefined, string][] = [
    [{ loginPassword: "the wrong password" }, stored, "login-refused"],
    [{}, { sequence: 1, hmac: "another" }, "base-conflict"],
    [{}, { sequence: 2, hmac: "hmac 1" }, "base-conflict"],
    [{}, undefined, "base-conflict"],
    [{ wallet: undefined }, stored, "refused-revision"],
    [{ slots: ["{}"] }, stored, "refused-state"],
  ];
  for (const [changes, base, code] of refusals) {
    const { call, body } = await prepare(email, base);
    const answer = await call(operations4.upgrade, { body: { ...body, ...changes } });
    expect(answer.body["code"]).toBe(code);
  }
  expect((await server.get(`${endpoints3.wallet}?token=${token}`)).body).toMatchObject(stored);
  expect((await saltSeed(email)).status).toBe(200);
  const logIn = { email, password: loginPassword, deviceId: "again" };
  expect((await server.post(endpoints3.logIn, logIn)).status).toBe(200);
});

test("[P4-90] an account without a wallet is upgraded without one", async () => {
  const { email } = await newUser();
  const { call, body } = await prepare(email);
  const created = succeeded<CreatedAccountAnswer>(await call(operations4.upgrade, { body }));
  const { token } = created.session;
  const answer = await call(operations4.getAccount, { token });
  expect(answer.body["wallets"]).toEqual([{ walletId: "default", generation: 1 }]);
});

test("[P4-90] an address that protocol 3 does not know is refused like a wrong password", async () => {
  const { call, body } = await prepare("nobody@example.com");
  expect(await call(operations4.upgrade, { body })).toMatchObject({
    status: 401,
    body: { code: "login-refused" },
  });
  expect(await call(operations4.upgrade, { body })).toMatchObject({
    status: 410,
    body: { code: "start-again" },
  });
});

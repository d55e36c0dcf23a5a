import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  changeCredentials,
  headOf,
  parseHostOrigin,
  type SealedRevision,
  signCertificate,
  type SignedState,
  signLogin,
  passwordSlotKey,
} from "@holdfast/crypto";
import { operations4 } from "@holdfast/protocol/protocol-4";
import { expect, onTestFinished, test } from "vitest";
import {
  createCall,
  type Device4,
  mainWallet,
  nextRevision,
  opaqueClient,
  putChange,
  random,
  register,
  revisionBody,
  rotate,
  succeeded,
  update,
} from "../../testing/client-4.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { temporaryDataDir } from "../../stores/contract/open-for-test.ts";

const publicUrl = "https://healed.example";
const origin = parseHostOrigin(publicUrl);

/** A host on disk that can be put back to where its backup was made. */
async function startHost() {
  const folder = temporaryDataDir();
  const dataDir = join(folder, "data");
  const backup = join(folder, "backup");
  let server: TestServer = await startTestServer({ settings: { dataDir, publicUrl } });
  onTestFinished(() => server.close());
  const restart = async (between: () => void) => {
    await server.close();
    between();
    server = await startTestServer({ settings: { dataDir, publicUrl } });
    return createCall(server.url);
  };
  return {
    url: server.url,
    backUp: () => restart(() => cpSync(dataDir, backup, { recursive: true })),
    restore: () =>
      restart(() => {
        rmSync(dataDir, { recursive: true });
        cpSync(backup, dataDir, { recursive: true });
      }),
  };
}

/** A device that remembers what a real one does: its revisions and states. */
function remembering(device: Device4) {
  const revisions: SealedRevision[] = [];
  const states: SignedState[] = [device.account.state.signed];
  return {
    revisions,
    states,
    async push(text: string) {
      const revision = nextRevision(device, text);
      const body = revisionBody(device, revision);
      const values = { walletId: mainWallet };
      succeeded(await device.call(operations4.putWallet, { values, token: device.token, body }));
      device.head = headOf(revision.header);
      revisions.push(revision);
    },
  };
}

const healing = (device: Device4, revisions: readonly SealedRevision[], generations: number[]) => ({
  headers: revisions.map(({ header }) => header.signed),
  encryptedWallet: Buffer.from(revisions.at(-1)?.encryptedWallet ?? []).toString("base64url"),
  certificates: generations.map((generation) => ({
    generation,
    certificate: signCertificate(device.account, mainWallet, generation),
  })),
});

test("[P4-59] a restored host is brought up to date by the revisions that it lacks", async () => {
  const host = await startHost();
  const device = await register(host.url, "ann@example.com", "a password", "laptop", origin);
  const memory = remembering(device);
  await memory.push("one");
  Object.assign(device, { call: await host.backUp() });
  for (const text of ["two", "three", "four"]) await memory.push(text);
  const call = await host.restore();
  const { token } = device;
  const values = { walletId: mainWallet };
  const newest = () => call(operations4.getWallet, { values, token });
  expect((await newest()).headers.get("etag")).toBe(`"${memory.revisions[0]?.header.hash}"`);

  const heal = (revisions: readonly SealedRevision[]) =>
    call(operations4.healWallet, { values, token, body: healing(device, revisions, []) });
  // With a gap, and with a body of another revision.
  expect((await heal(memory.revisions.slice(2))).body["code"]).toBe("conflict");
  const all = memory.revisions.slice(1);
  const wrongBody = { ...healing(device, all, []), encryptedWallet: "AAAA" };
  const refused = await call(operations4.healWallet, { values, token, body: wrongBody });
  expect(refused).toMatchObject({ status: 422, body: { code: "refused-revision" } });
  // With a header in between that another signature is put to.
  const { headers, ...rest } = healing(device, all, []);
  const [second, third, fourth] = headers;
  const swapped = [second, { body: third?.body, signature: fourth?.signature }, fourth];
  const forged = { ...rest, headers: swapped };
  expect((await call(operations4.healWallet, { values, token, body: forged })).body).toMatchObject({
    code: "refused-revision",
    detail: "forged",
  });
  expect(await heal(all)).toMatchObject({ status: 200, body: { sequence: 4 } });
  expect((await newest()).headers.get("etag")).toBe(`"${device.head?.hash}"`);
  const gone = { values: { ...values, sequence: 3 }, token };
  expect(await call(operations4.getRevision, gone)).toMatchObject({
    status: 410,
    body: { code: "body-gone" },
  });
  expect(await heal(all)).toMatchObject({ status: 200, body: { sequence: 4 } });
});

test("[P4-59] across a rotation it is healed by states, pieces and revisions at once, and nobody gets a session by it", async () => {
  const host = await startHost();
  const device = await register(host.url, "bob@example.com", "old password", "laptop", origin);
  const memory = remembering(device);
  await memory.push("one");
  Object.assign(device, { call: await host.backUp() });
  await memory.push("two");
  succeeded(await rotate(device, "new password"));
  memory.states.push(device.account.state.signed);
  await memory.push("three");
  succeeded(await putChange(device, update(device, { addWallets: ["Savings"] })));
  memory.states.push(device.account.state.signed);

  const call = await host.restore();
  const { identity } = device.account.state.account;
  expect((await call(operations4.getAccount, { token: device.token })).status).toBe(401);

  // The record of the new password is lost, so a further state registers it again.
  const round = opaqueClient.startRegistration("new password");
  const { registrationId, response } = succeeded<{ registrationId: string; response: string }>(
    await call(operations4.startAccount, {
      body: { id: device.id, registration: round.request },
    }),
  );
  const registered = opaqueClient.finishRegistration("new password", round, response);
  const { record, reference, rootKey } = registered;
  const slot = { key: passwordSlotKey(rootKey), reference };
  const { change, account } = changeCredentials(
    device.account,
    { addSlots: [slot] },
    { random, savedAt: Date.now() },
  );
  const body = {
    identity,
    states: [...memory.states.slice(1), change.state],
    slots: change.slots,
    keyring: device.account.sealedKeyring,
    password: { registrationId, record },
    wallets: [{ walletId: mainWallet, ...healing(device, memory.revisions.slice(1), [2]) }],
  };
  const broken = { ...body, password: undefined, states: body.states.slice(1) };
  expect((await call(operations4.healCredentials, { body: broken })).body["code"]).toBe(
    "state-conflict",
  );
  const answer = await call(operations4.healCredentials, { body });
  expect(answer.body).toEqual({ epoch: 4 });

  // Now the host knows the newest key, and the device logs in with it.
  const purpose = "session" as const;
  const { nonce, expiresAt } = succeeded<{ nonce: string; expiresAt: number }>(
    await call(operations4.challengeSession, { body: { purpose, identity, deviceId: "laptop" } }),
  );
  const signature = signLogin(
    { hostOrigin: origin, identity, deviceId: "laptop", purpose, nonce, expiresAt },
    account.keyring.authoritySeed,
  );
  const opened = succeeded<{ session: { token: string } }>(
    await call(operations4.signatureSession, {
      body: { nonce, signature, deviceName: "Laptop" },
    }),
  );
  const { token } = opened.session;
  const newest = await call(operations4.getWallet, { values: { walletId: mainWallet }, token });
  expect(newest.headers.get("etag")).toBe(`"${device.head?.hash}"`);
  const listed = await call(operations4.listSessions, { token });
  expect(listed.body["sessions"]).toHaveLength(1);
});

test("[P4-59] an unknown identity is not healed", async () => {
  const host = await startHost();
  const device = await register(host.url, "carl@example.com", "a password", "laptop", origin);
  const { state } = update(device, { addWallets: ["More"] }).change;
  const body = { identity: "A".repeat(43), states: [state], slots: [] };
  expect((await device.call(operations4.healCredentials, { body })).body["code"]).toBe(
    "login-refused",
  );
});

import { signLogin } from "@holdfast/crypto";
import { limits4, operations4 } from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Device4, randomId, register, succeeded } from "../../testing/client-4.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let nowMs = Date.now();
let device: Device4;

beforeAll(async () => {
  server = await startTestServer({ clock: () => nowMs });
  device = await register(server.url, "pairing@example.com");
});
afterAll(() => server.close());

const start = async (pairingId = randomId()) => {
  const answer = await device.call(operations4.startPairing, { body: { pairingId } });
  const { claim } = succeeded<{ claim: string }>(answer);
  return { claim, values: { pairingId } };
};
const put = (values: { pairingId: string }, message = "c2VhbGVk", token = device.token) =>
  device.call(operations4.putPairing, { values, token, body: { message } });
const get = (values: { pairingId: string }, token: string | undefined) =>
  device.call(operations4.getPairing, { values, token });

test("[P4-70] a sealed message goes from one device to the other, once", async () => {
  const { claim, values } = await start();
  expect((await get(values, claim)).status).toBe(204);
  expect((await put(values, "bWVzc2FnZQ")).status).toBe(204);
  expect(await get(values, claim)).toMatchObject({ status: 200, body: { message: "bWVzc2FnZQ" } });
  expect(await get(values, claim)).toMatchObject({
    status: 404,
    body: { code: "unknown-pairing" },
  });
  expect((await put(values)).body["code"]).toBe("unknown-pairing");
});

test("[P4-70] only the device that began it fetches the message", async () => {
  const { claim, values } = await start();
  await put(values);
  for (const other of [undefined, randomId(32), device.token]) {
    expect(await get(values, other)).toMatchObject({ status: 404 });
  }
  expect((await get(values, claim)).status).toBe(200);
});

test("[P4-70] a pairing has one beginning and one message", async () => {
  const { values } = await start();
  const again = await device.call(operations4.startPairing, { body: values });
  expect(again).toMatchObject({ status: 409, body: { code: "pairing-taken" } });
  await put(values);
  expect(await put(values)).toMatchObject({ status: 409, body: { code: "pairing-taken" } });
});

test("[P4-71] a pairing is over after five minutes", async () => {
  const { claim, values } = await start();
  await put(values);
  nowMs += limits4.pairingMs;
  expect((await get(values, claim)).status).toBe(404);
  expect((await put(values)).status).toBe(404);
});

test("[P4-33] after pairing the new device logs in by signature, without a second factor", async () => {
  const { claim, values } = await start();
  const { identity } = device.account.state.account;
  const deviceId = "paired";
  const purpose = "pairing" as const;
  const signIn = async () => {
    const { nonce, expiresAt } = succeeded<{ nonce: string; expiresAt: number }>(
      await device.call(operations4.challengeSession, {
        body: { purpose, identity, deviceId, ...values },
      }),
    );
    const statement = { hostOrigin: device.origin, identity, deviceId, purpose, nonce, expiresAt };
    const signature = signLogin(statement, device.account.keyring.authoritySeed);
    return device.call(operations4.signatureSession, {
      body: { nonce, signature, deviceName: "Paired" },
    });
  };
  await put(values);
  expect((await signIn()).status).toBe(401);
  await get(values, claim);
  expect((await signIn()).status).toBe(200);
});

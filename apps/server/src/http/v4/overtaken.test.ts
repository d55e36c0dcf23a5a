import { operations4 } from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  changePassword,
  opaqueClient,
  putChange,
  register,
  succeeded,
  update,
} from "../../testing/client-4.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** A login up to its last message, and what sends that. */
async function begin(id: string) {
  const device = await register(server.url, id);
  const round = opaqueClient.startLogin(password);
  const { loginId, response } = succeeded<{ loginId: string; response: string }>(
    await device.call(operations4.startSession, { body: { id, login: round.request } }),
  );
  const outcome = opaqueClient.finishLogin(password, round, response, device.origin);
  const finish = outcome.type === "opened" ? outcome.finish : "";
  const body = { loginId, finish, device: { deviceId: "late", name: "Late" } };
  return { device, finish: () => device.call(operations4.finishSession, { body }) };
}

test("[P4-39] a login that a new password overtakes is refused", async () => {
  const { device, finish } = await begin("overtaken@example.com");
  succeeded(await changePassword(device, "a new password"));
  expect(await finish()).toMatchObject({ status: 401, body: { code: "login-refused" } });
});

test("[P4-39] a login goes on while a wallet is added", async () => {
  const { device, finish } = await begin("undisturbed@example.com");
  succeeded(await putChange(device, update(device, { addWallets: ["Savings"] })));
  expect((await finish()).status).toBe(200);
});

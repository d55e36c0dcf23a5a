import { operations4, signedRequestHeaders } from "@holdfast/protocol/protocol-4";
import { hashBytes, signRequest } from "@holdfast/crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  callSigned,
  type Device4,
  push,
  register,
  succeeded,
  tryLogIn,
} from "../../testing/client-4.ts";
import { parseHostOrigin } from "@holdfast/crypto";
import { createCall, prepareAccount } from "../../testing/client-4.ts";
import { mailedCode, mailsTo } from "../../testing/mailed.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";

describe("signed requests", () => {
  let server: TestServer;
  let nowMs = Date.now();
  let device: Device4;
  beforeAll(async () => {
    server = await startTestServer({ clock: () => nowMs });
    device = await register(server.url, "signed@example.com");
  });
  afterAll(() => server.close());

  const newNonce = async () =>
    succeeded<{ nonce: string }>(await device.call(operations4.challenge, { token: device.token }))
      .nonce;

  async function patch(changes: object = {}, nonce?: string) {
    const used = nonce ?? (await newNonce());
    const body = JSON.stringify({ id: "next@example.com" });
    const statement = {
      identity: device.account.state.account.identity,
      host: device.origin,
      action: "PATCH /account",
      bodyHash: hashBytes(Buffer.from(body)),
      nonce: used,
      ...changes,
    };
    const headers = {
      [signedRequestHeaders.nonce]: used,
      [signedRequestHeaders.signature]: signRequest(
        statement,
        device.account.keyring.authoritySeed,
      ),
    };
    return device.call(operations4.changeId, { token: device.token, body, headers });
  }

  test("[P4-41] a signature is for exactly this host, action, body and nonce", async () => {
    const refused = { status: 403, body: { code: "signature-refused" } };
    for (const changes of [
      { host: "https://evil.example" },
      { action: "DELETE /account" },
      { bodyHash: hashBytes(Buffer.from("{}")) },
      { nonce: "A".repeat(43) },
      { identity: hashBytes(Buffer.from("x")) },
    ]) {
      expect(await patch(changes)).toMatchObject(refused);
    }
    const account = await device.call(operations4.getAccount, { token: device.token });
    expect(account.body["id"]).toBe("signed@example.com");
    expect((await patch()).status).toBe(200);
  });

  test("[P4-42] a nonce serves once, for a minute, and for its own session", async () => {
    const nonce = await newNonce();
    expect((await patch({}, nonce)).status).toBe(200);
    expect((await patch({}, nonce)).body["code"]).toBe("signature-refused");
    const late = await newNonce();
    nowMs += 60_000;
    expect((await patch({}, late)).body["code"]).toBe("signature-refused");
    const other = await register(server.url, "other@example.com");
    const { nonce: foreign } = succeeded<{ nonce: string }>(
      await device.call(operations4.challenge, { token: other.token }),
    );
    expect((await patch({}, foreign)).body["code"]).toBe("signature-refused");
  });
});

describe("an account's address and end", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  test("[P4-45] a deleted account is gone with all that it had, and its address is free", async () => {
    const device = await register(server.url, "gone@example.com");
    await push(device, "one");
    expect((await callSigned(device, operations4.deleteAccount)).status).toBe(204);
    expect((await device.call(operations4.getAccount, { token: device.token })).status).toBe(401);
    expect((await tryLogIn(server.url, device.id, password)).answer.status).toBe(401);
    await register(server.url, "gone@example.com");
  });

  test("[P4-46] where no mail is sent the address changes at once, unless it is taken", async () => {
    const device = await register(server.url, "before@example.com");
    await register(server.url, "taken@example.com");
    const change = (id: string) => callSigned(device, operations4.changeId, { body: { id } });
    expect((await change("Taken@example.com")).body["code"]).toBe("id-taken");
    expect((await change("After@example.com")).body).toEqual({
      type: "changed",
      id: "After@example.com",
    });
    expect((await tryLogIn(server.url, "after@example.com", password)).answer.status).toBe(200);
    expect((await tryLogIn(server.url, "before@example.com", password)).answer.status).toBe(401);
  });
});

describe("an account's address, where mail is sent", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { ACCOUNT_VERIFICATION_MODE: "EmailVerify" } });
  });
  afterAll(() => server.close());

  async function registerByMail(id: string): Promise<Device4> {
    const call = createCall(server.url);
    const origin = parseHostOrigin(server.url);
    const prepared = await prepareAccount(call, origin, id, password, "laptop");
    await call(operations4.finishAccount, { body: prepared.body });
    const { registrationId, entropy, changed } = prepared;
    const body = { registrationId, code: mailedCode(server, id) };
    const { session } = succeeded<{ session: { token: string } }>(
      await call(operations4.verifyAccount, { body }),
    );
    const { token } = session;
    const { account } = changed;
    return { call, origin, id, deviceId: "laptop", entropy, account, token, head: undefined };
  }

  test("[P4-46] the new address confirms, the old one is told before and after", async () => {
    const device = await registerByMail("old@example.com");
    const { changeId } = succeeded<{ changeId: string }>(
      await callSigned(device, operations4.changeId, { body: { id: "new@example.com" } }),
    );
    expect(mailsTo(server, "old@example.com").at(-1)).toContain("about to change");
    const verify = (code: string | undefined) =>
      device.call(operations4.verifyId, { token: device.token, body: { changeId, code } });
    const code = mailedCode(server, "new@example.com");
    const wrong = code === "00000000" ? "00000001" : "00000000";
    expect((await verify(wrong)).body["code"]).toBe("code-refused");
    expect(await verify(code)).toMatchObject({ status: 200, body: { id: "new@example.com" } });
    expect(mailsTo(server, "old@example.com").at(-1)).toContain("another address now");
    expect((await tryLogIn(server.url, "new@example.com", password)).answer.status).toBe(200);
  });

  test("[P4-46] a taken address looks like any other, and its mailbox is told", async () => {
    const device = await registerByMail("asking@example.com");
    await registerByMail("holding@example.com");
    const answers = [];
    for (const id of ["holding@example.com", "free@example.com"]) {
      const { status, body } = await callSigned(device, operations4.changeId, { body: { id } });
      answers.push({ status, fields: Object.keys(body), type: body["type"] });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(mailsTo(server, "holding@example.com").at(-1)).toContain("belongs to yours");
  });
});

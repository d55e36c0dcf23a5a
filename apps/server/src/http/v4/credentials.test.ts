import {
  type ChangedAccount,
  hashBytes,
  parseHostOrigin,
  rotateAccount,
  verifyStates,
} from "@holdfast/crypto";
import { type Credentials, operations4 } from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  changePassword,
  type Device4,
  logIn,
  mainWallet,
  push,
  putChange,
  random,
  randomId,
  register,
  rotate,
  startPassword,
  succeeded,
  tryLogIn,
  update,
} from "../../testing/client-4.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
let server: TestServer;
let users = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const newDevice = () => register(server.url, `credentials${(users += 1)}@example.com`);
const account = ({ call }: Device4, token: string) => call(operations4.getAccount, { token });
const credentialsOf = async ({ call, token }: Device4, after = 0) =>
  succeeded<Credentials>(await call(operations4.getCredentials, { token, query: { after } }));

/** A change as somebody makes it who knows everything but the authority key. */
const withoutKey = ({ change, account }: ChangedAccount): ChangedAccount => ({
  change: { ...change, state: { ...change.state, signature: randomId(64) } },
  account,
});

test("[P4-34] a new password opens the account, the old one does not, and old sessions are over", async () => {
  const device = await newDevice();
  const phone = await logIn(device, password, "phone");
  const { token: before } = device;
  const answer = await changePassword(device, "a new password");
  expect(answer).toMatchObject({ status: 200, body: { epoch: 2 } });

  expect((await account(device, before)).body["code"]).toBe("session-ended");
  expect((await account(device, phone.token)).body["code"]).toBe("session-ended");
  expect(await account(device, device.token)).toMatchObject({ status: 200, body: { epoch: 2 } });
  expect((await tryLogIn(server.url, device.id, password)).answer.status).toBe(401);
  const opened = await logIn(device, "a new password");
  expect(opened.account.state.hash).toBe(device.account.state.hash);
});

test("[P4-34] states are kept and given from the asked-for epoch on", async () => {
  const device = await newDevice();
  await changePassword(device, "second");
  await changePassword(device, "third");
  const all = await credentialsOf(device);
  const verified = verifyStates({ received: all.states });
  expect(verified).toMatchObject({ type: "verified", newest: { epoch: 3 } });
  expect((await credentialsOf(device, 2)).states).toEqual(all.states.slice(2));
  expect((await credentialsOf(device, 3)).states).toEqual([]);
});

test("[P4-35] what leaves the password as it is leaves the sessions too", async () => {
  const device = await newDevice();
  const phone = await logIn(device);
  const answer = await putChange(device, update(device, { addWallets: ["Savings"] }));
  expect(answer.body).toEqual({ epoch: 2 });
  expect(await account(device, phone.token)).toMatchObject({ status: 200, body: { epoch: 2 } });
});

test("[P4-34] a token alone changes nothing: a state needs the authority key's signature", async () => {
  const device = await newDevice();
  const before = await credentialsOf(device);
  const { slot, password: proof } = await startPassword(device, "attacker's");
  const forged = withoutKey(update(device, { addSlots: [slot] }));
  const answer = await putChange(device, forged, proof);
  expect(answer).toMatchObject({ status: 422, body: { code: "refused-state", detail: "forged" } });
  expect(await credentialsOf(device)).toEqual(before);
});

test("[P4-34] a change comes with exactly the pieces that it names", async () => {
  const device = await newDevice();
  const { slot, password: proof } = await startPassword(device, "next");
  const changed = update(device, { addSlots: [slot] });
  const { state, slots } = changed.change;
  const { token } = device;
  const { keyring } = await credentialsOf(device);
  const put = (body: object) => device.call(operations4.putCredentials, { token, body });
  const wrong = [
    { states: [state], slots: [], password: proof },
    { states: [state], slots: [...slots, ...slots], password: proof },
    { states: [state], slots, keyring, password: proof },
    { states: [state], slots },
  ];
  for (const body of wrong) {
    const answer = await put(body);
    // The first round serves once.
    expect(answer.body["code"]).toMatch(/refused-state|start-again/);
  }
  expect(await account(device, token)).toMatchObject({ status: 200, body: { epoch: 1 } });
});

test("[P4-34] of two changes on one state the first wins, and the other is a conflict", async () => {
  const device = await newDevice();
  const rival = { ...device };
  const first = update(device, { addWallets: ["One"] });
  const second = update(rival, { addWallets: ["Two"] });
  expect((await putChange(device, first)).status).toBe(200);
  expect(await putChange(rival, second)).toMatchObject({
    status: 409,
    body: { code: "state-conflict", epoch: 2 },
  });
  // The lost answer of the first one, asked for again.
  expect(await putChange(device, first)).toMatchObject({ status: 200, body: { epoch: 2 } });
});

test("[P4-34] a state for another host is refused", async () => {
  const device = await newDevice();
  const moved = update(device, { host: parseHostOrigin("https://elsewhere.example") });
  expect(await putChange(device, moved)).toMatchObject({
    status: 422,
    body: { code: "refused-state", detail: "wrong-host" },
  });
});

test("[P4-37] a rotation closes generations at the heads that the host has", async () => {
  const device = await newDevice();
  await push(device, "one");
  const wrong = new Map([[mainWallet, hashBytes(random(8))]]);
  expect(await rotate(device, "next", wrong)).toMatchObject({
    status: 409,
    body: { code: "head-moved", walletId: mainWallet },
  });
  expect(await rotate(device, "next")).toMatchObject({ status: 200, body: { epoch: 2 } });
  expect(await push(device, "two")).toMatchObject({ status: 200 });
});

test("[P4-37] a former device with every old key can do nothing after a rotation", async () => {
  const device = await newDevice();
  await push(device, "one");
  const former = { ...device };
  await rotate(device, "after the theft");
  await push(device, "two");

  // With a live token even, as if the thief had one.
  const thief = { ...former, token: device.token };
  expect((await push(thief, "by the thief")).status).not.toBe(200);
  expect((await putChange(thief, update(thief, { addWallets: ["Thief"] }))).body["code"]).toBe(
    "state-conflict",
  );
  const { slot, password: proof } = await startPassword(thief, "thief's password");
  const onNewest = withoutKey(update(device, { addSlots: [slot] }));
  expect(await putChange(thief, onNewest, proof)).toMatchObject({
    body: { code: "refused-state", detail: "forged" },
  });
  expect((await tryLogIn(server.url, device.id, password)).answer.status).toBe(401);
  expect((await account(device, former.token)).status).toBe(401);
  expect(await account(device, device.token)).toMatchObject({ status: 200, body: { epoch: 2 } });
});

test("[P4-34] crossing changes: a push and a rotation never both succeed on one head", async () => {
  const device = await newDevice();
  await push(device, "one");
  const phone = await logIn(device, password, "phone");
  phone.head = device.head;
  const { slot, password: proof } = await startPassword(device, "rotated");
  const heads = new Map([[mainWallet, device.head?.hash ?? null]]);
  const changed = rotateAccount(
    device.account,
    { slots: [slot], heads },
    {
      random,
      savedAt: Date.now(),
    },
  );
  const [pushed, rotated] = await Promise.all([
    push(phone, "meanwhile"),
    putChange(device, changed, proof),
  ]);
  expect([pushed.status, rotated.status].filter((status) => status === 200)).toHaveLength(1);
});

test("[P4-34] an account's states cannot grow beyond what a login can carry", async () => {
  const device = await newDevice();
  const addWallets = Array.from({ length: 255 }, (_, number) => `Wallet ${number}`);
  succeeded(await putChange(device, update(device, { addWallets })));
  const grow = async (count: number) => {
    const before = device.account;
    const states = Array.from({ length: count }, () => {
      const { account: next, change } = update(device, {});
      device.account = next;
      return change.state;
    });
    const body = { states, slots: [] };
    const answer = await device.call(operations4.putCredentials, { token: device.token, body });
    if (answer.status !== 200) device.account = before;
    return answer;
  };
  expect((await grow(250)).status).toBe(200);
  expect(await grow(250)).toMatchObject({
    status: 422,
    body: { code: "refused-state", detail: "too-many-states" },
  });
  expect((await grow(1)).status).toBe(200);
});

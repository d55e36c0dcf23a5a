import {
  type Credentials,
  type Operation4,
  operations4,
  signedRequestHeaders,
} from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  changePassword,
  type Device4,
  logIn,
  mainWallet,
  nextRevision,
  opaqueClient,
  push,
  randomId,
  register,
  revisionBody,
  startPassword,
  succeeded,
  update,
} from "../../testing/client-4.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

/**
 * A thief has the token of a device that is unlocked elsewhere: no password, no key. The thief tries every operation, as well
 * as can be without keys: with everything that the account itself has said, with another account's keys, with old messages.
 */

let server: TestServer;
let victim: Device4;
let phone: Device4;
let thief: Device4;
let stolen: string;
let forged: Awaited<ReturnType<typeof forge>>;

beforeAll(async () => {
  server = await startTestServer();
  victim = await register(server.url, "victim@example.com");
  await push(victim, "one");
  await push(victim, "two");
  phone = await logIn(victim, "correct horse battery", "phone");
  thief = await register(server.url, "thief@example.com");
  stolen = victim.token;
  forged = await forge();
});
afterAll(() => server.close());

const values = { walletId: mainWallet };

/** Everything of the account that a change would show in. */
async function observe() {
  const { token } = phone;
  const read = async (operation: Operation4, query?: Record<string, number>) =>
    (await phone.call(operation, { values, token, ...(query !== undefined && { query }) })).body;
  return {
    account: await read(operations4.getAccount),
    credentials: await read(operations4.getCredentials),
    wallet: await read(operations4.getWallet),
    revisions: await read(operations4.listRevisions),
    sessions: (
      (await read(operations4.listSessions))["sessions"] as { sessionId: string; name: string }[]
    ).map(({ sessionId, name }) => ({ sessionId, name })),
  };
}

/** The best bodies a thief can make. */
async function forge(): Promise<Partial<Record<keyof typeof operations4, object>>> {
  const { slot, password } = await startPassword(thief, "thief's password");
  const { change } = update(thief, { addSlots: [slot] });
  const own = revisionBody(thief, nextRevision(thief, "by the thief"));
  const old = (
    await victim.call(operations4.getRevision, {
      values: { ...values, sequence: 1 },
      token: stolen,
    })
  ).body;
  return {
    putWallet: own,
    healWallet: {
      headers: [old["header"]],
      encryptedWallet: own.encryptedWallet,
      certificates: [],
    },
    putCredentials: { states: [change.state], slots: change.slots, password },
    changeId: { id: "thief2@example.com" },
    verifyId: { changeId: randomId(), code: "12345678" },
    confirmTotp: { enrolmentId: randomId(), code: "123456" },
    startCredentials: { registration: opaqueClient.startRegistration("thief's").request },
    putPairing: { message: "c2VhbGVk" },
    startTotp: {},
    renewRecoveryCodes: {},
  };
}

const protectedOnes = (Object.keys(operations4) as (keyof typeof operations4)[]).filter((name) =>
  ["token", "signed"].includes(operations4[name].access),
);

/** What a token alone may do. Reading shows ciphertext; the others change nothing that lasts. */
const allowed: ReadonlySet<string> = new Set([
  "listSessions",
  "getAccount",
  "getCredentials",
  "getWallet",
  "listRevisions",
  "getRevision",
  "challenge",
  "createTicket",
  "startCredentials",
]);

test.each(protectedOnes.filter((name) => name !== "endCurrentSession"))(
  "[P4-96] a stolen token changes nothing by %s",
  async (name) => {
    const before = await observe();
    const operation: Operation4 = operations4[name];
    const sessionId = before.sessions.find(({ name }) => name === "Device phone")?.sessionId ?? "";
    const body = forged[name];
    const nonce = succeeded<{ nonce: string }>(
      await victim.call(operations4.challenge, { token: stolen }),
    ).nonce;
    const attempts = [
      {},
      {
        headers: {
          [signedRequestHeaders.nonce]: nonce,
          [signedRequestHeaders.signature]: randomId(64),
        },
      },
    ];
    for (const more of attempts) {
      const answer = await victim.call(operation, {
        values: { ...values, sessionId, sequence: 1, pairingId: randomId() },
        token: stolen,
        ...(body !== undefined && { body }),
        ...more,
      });
      expect([name, answer.status < 300]).toEqual([name, allowed.has(name) && answer.status < 300]);
    }
    expect(await observe()).toEqual(before);
  },
);

test("[P4-96] what it reads is ciphertext, device names and signed states", async () => {
  const read = async (operation: Operation4) =>
    succeeded<Record<string, unknown>>(
      await victim.call(operation, { values: { ...values, sequence: 1 }, token: stolen }),
    );
  const credentials = (await read(operations4.getCredentials)) as unknown as Credentials;
  expect(credentials.slots).toHaveLength(2);
  const text = JSON.stringify([
    credentials,
    await read(operations4.getWallet),
    await read(operations4.getRevision),
    await read(operations4.getAccount),
    await read(operations4.listSessions),
  ]);
  expect(text).not.toContain("by the thief");
  expect(text).not.toContain('\\"text\\"');
});

test("[P4-96] logging out ends the stolen token itself; a password change ends it as well", async () => {
  const other = await logIn(victim, "correct horse battery", "tablet");
  expect((await other.call(operations4.endCurrentSession, { token: other.token })).status).toBe(
    204,
  );
  expect((await changePassword(victim, "a new password")).status).toBe(200);
  expect((await victim.call(operations4.getWallet, { values, token: stolen })).status).toBe(401);
});

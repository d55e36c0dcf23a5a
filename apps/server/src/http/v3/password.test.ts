import { endpoints3 } from "@holdfast/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  otherSaltSeed,
  password,
  saltSeed,
  startTestServer,
  type TestServer,
} from "../../testing/test-server.ts";

const newPassword = "another-login-password";
let server: TestServer;
let users = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const newEmail = (): string => `user${(users += 1)}@example.com`;
const wallet = (sequence: number) => ({ encryptedWallet: "re-encrypted", sequence, hmac: "new" });
const changePassword = (email: string, changes: object = {}) =>
  server.post(endpoints3.password, {
    email,
    oldPassword: password,
    newPassword,
    clientSaltSeed: otherSaltSeed,
    ...changes,
  });
const getWallet = (token: string) => server.get(`${endpoints3.wallet}?token=${token}`);
const logIn = (email: string, withPassword: string) =>
  server.post(endpoints3.logIn, { email, password: withPassword, deviceId: "device-1" });
const seedOf = async (email: string): Promise<unknown> => {
  const parameter = encodeURIComponent(Buffer.from(email).toString("base64"));
  return (await server.get(`${endpoints3.clientSaltSeed}?email=${parameter}`)).body;
};

/** The account still is as it was before a refused change. */
async function expectUnchanged(email: string, token: string, walletAnswer: object): Promise<void> {
  expect(await getWallet(token)).toMatchObject(walletAnswer);
  expect(await seedOf(email)).toEqual({ clientSaltSeed: saltSeed });
  expect((await logIn(email, newPassword)).status).toBe(401);
  expect((await logIn(email, password)).status).toBe(200);
}

test("[P3-40] without a wallet, password and salt seed change together", async () => {
  const email = newEmail();
  await server.signUp(email);
  expect(await changePassword(email)).toMatchObject({ status: 200, body: {} });
  expect(await seedOf(email)).toEqual({ clientSaltSeed: otherSaltSeed });
  expect((await logIn(email, password)).status).toBe(401);
  expect((await logIn(email, newPassword)).status).toBe(200);
});

test("[P3-40] with a wallet, it changes as well", async () => {
  const email = newEmail();
  await server.putWallet(await server.newUser(email), 1);
  expect(await changePassword(email, wallet(2))).toMatchObject({ status: 200, body: {} });
  const { body } = await logIn(email, newPassword);
  const { token } = body as { token: string };
  expect((await getWallet(token)).body).toEqual(wallet(2));
  expect(await seedOf(email)).toEqual({ clientSaltSeed: otherSaltSeed });
});

test("[P3-41] all tokens of the user end, and nobody else's", async () => {
  const email = newEmail();
  const tokens = [await server.newUser(email), await server.logIn(email, "device-2")];
  const stranger = await server.newUser(newEmail());
  await changePassword(email);
  for (const token of tokens) {
    expect(await getWallet(token)).toMatchObject({
      status: 401,
      body: { error: "Unauthorized: Token Not Found" },
    });
  }
  expect((await getWallet(stranger)).status).toBe(404);
});

test("[P3-42] a wallet is required when one is stored, and [P3-45] nothing changes without", async () => {
  const email = newEmail();
  const token = await server.newUser(email);
  await server.putWallet(token, 1);
  expect(await changePassword(email)).toMatchObject({
    status: 409,
    body: { error: "Conflict: Wallet exists; need an updated wallet when changing password" },
  });
  await expectUnchanged(email, token, { status: 200, body: { sequence: 1 } });
});

test.each([1, 3, 0xffff_ffff])(
  "[P3-42] a wallet with sequence %i does not follow 1, and [P3-45] nothing changes",
  async (sequence) => {
    const email = newEmail();
    const token = await server.newUser(email);
    await server.putWallet(token, 1);
    expect(await changePassword(email, wallet(sequence))).toMatchObject({
      status: 409,
      body: { error: "Conflict: Bad sequence number or wallet does not exist" },
    });
    await expectUnchanged(email, token, { status: 200, body: { sequence: 1 } });
  },
);

test("[P3-42] a wallet cannot come first with a password change, and [P3-45] nothing changes", async () => {
  const email = newEmail();
  const token = await server.newUser(email);
  expect(await changePassword(email, wallet(1))).toMatchObject({
    status: 409,
    body: { error: "Conflict: Bad sequence number or wallet does not exist" },
  });
  await expectUnchanged(email, token, { status: 404 });
});

test("[P3-43] an unknown address and a wrong password are answered as by a log-in, and [P3-45] change nothing", async () => {
  const email = newEmail();
  const token = await server.newUser(email);
  const refused = { status: 401, body: { error: "Unauthorized: No match for email and password" } };
  expect(await changePassword("unknown@example.com")).toMatchObject(refused);
  expect(await changePassword(email, { oldPassword: "wrong password" })).toMatchObject(refused);
  await expectUnchanged(email, token, { status: 404 });
});

test.each([
  [{ newPassword: password }, "'oldPassword' and 'newPassword' should not be the same"],
  [
    { encryptedWallet: "blob", sequence: 1 },
    "'encryptedWallet', 'sequence' and 'hmac' belong together: send all three or none",
  ],
  [
    { hmac: "x" },
    "'encryptedWallet', 'sequence' and 'hmac' belong together: send all three or none",
  ],
  [{ oldPassword: "short" }, "Invalid or missing 'oldPassword'"],
  [{ clientSaltSeed: "" }, "Invalid or missing 'clientSaltSeed'"],
])("[P3-44] %o is refused, and [P3-45] nothing changes", async (changes, why) => {
  const email = newEmail();
  const token = await server.newUser(email);
  expect(await changePassword(email, changes)).toMatchObject({
    status: 400,
    body: { error: `Bad Request: Request failed validation: ${why}` },
  });
  await expectUnchanged(email, token, { status: 404 });
});

test("[P3-40] of several changes from one password exactly one succeeds", async () => {
  const email = newEmail();
  await server.signUp(email);
  const passwords = Array.from({ length: 6 }, (_, index) => `new password ${index}`);
  const answers = await Promise.all(
    passwords.map((newPassword) => changePassword(email, { newPassword })),
  );
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
    200,
    ...Array(5).fill(401),
  ]);
  const winner = answers.findIndex(({ status }) => status === 200);
  const statuses = await Promise.all(
    passwords.map(async (one) => (await logIn(email, one)).status),
  );
  expect(statuses).toEqual(passwords.map((_, index) => (index === winner ? 200 : 401)));
});

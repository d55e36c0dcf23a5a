import { endpoints3 } from "@holdfast/protocol";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMemoryStores } from "../../stores/memory/memory-stores.ts";
import {
  openMemoryStores,
  otherSaltSeed,
  password,
  startTestServer,
  type TestServer,
} from "../../testing/test-server.ts";

let server: TestServer;
let users = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const newUser = (): Promise<string> => server.newUser(`user${(users += 1)}@example.com`);
const getWallet = (token: string) => server.get(`${endpoints3.wallet}?token=${token}`);
const state = (sequence: number, encryptedWallet = `wallet ${sequence}`) => ({
  encryptedWallet,
  sequence,
  hmac: `hmac ${sequence}`,
});
const tokenNotFound = { status: 401, body: { error: "Unauthorized: Token Not Found" } };

test("[P3-31] there is no wallet before the first", async () => {
  expect(await getWallet(await newUser())).toMatchObject({
    status: 404,
    body: { error: "Not Found: No wallet" },
  });
});

test("[P3-34] an accepted wallet is answered as stored, and [P3-30] is what GET answers", async () => {
  const token = await newUser();
  for (const sequence of [1, 2, 3]) {
    expect(await server.putWallet(token, sequence)).toMatchObject({
      status: 200,
      body: state(sequence),
    });
    expect(await getWallet(token)).toMatchObject({ status: 200, body: state(sequence) });
  }
});

test("[P3-35] a wrong sequence is refused with the newest wallet, and [P3-33] changes nothing", async () => {
  const token = await newUser();
  await server.putWallet(token, 1);
  await server.putWallet(token, 2);
  for (const sequence of [1, 2, 4, 0xffff_ffff]) {
    expect(await server.putWallet(token, sequence, "other")).toMatchObject({
      status: 409,
      body: { error: "Conflict: Bad sequence number", ...state(2) },
    });
  }
  expect((await getWallet(token)).body).toEqual(state(2));
});

test("[P3-35] the first wallet has sequence 1; a refusal without a wallet has `error` alone", async () => {
  const token = await newUser();
  const { status, body } = await server.putWallet(token, 2);
  expect({ status, body }).toEqual({
    status: 409,
    body: { error: "Conflict: Bad sequence number" },
  });
});

test("[P3-33] of racing writers of one sequence exactly one wins, and the others learn what it wrote", async () => {
  const email = "racer@example.com";
  await server.signUp(email);
  const tokens = await Promise.all(
    Array.from({ length: 12 }, (_, index) => server.logIn(email, `device-${index}`)),
  );
  for (let sequence = 1; sequence <= 5; sequence += 1) {
    const answers = await Promise.all(
      tokens.map((token, index) => server.putWallet(token, sequence, `by ${index}`)),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(11);
    for (const { body } of answers) expect(body).toMatchObject(won[0]?.body as object);
  }
});

test.each([100, 15 * 1024 - 60, 15 * 1024, 16 * 1024, 90_000])(
  "[P3-16] a wallet of about %i bytes comes back as it was given",
  async (bytes) => {
    const token = await newUser();
    for (const [index, unit] of ["a", "é", "🗝"].entries()) {
      const encryptedWallet = unit.repeat(bytes / Buffer.byteLength(unit));
      const wallet = { encryptedWallet, sequence: index + 1, hmac: "h" };
      expect((await server.post(endpoints3.wallet, { token, ...wallet })).body).toEqual(wallet);
      expect((await getWallet(token)).body).toEqual(wallet);
    }
  },
);

test("[P3-16] any text comes back as it was given", async () => {
  const token = await newUser();
  let sequence = 0;
  const text = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 200 }),
    fc.constantFrom(
      "Zoë 🗝",
      "\u007f\u0080\u2028",
      "100%",
      "%s%d%!(NOVERB)",
      "\u2028\u2029",
      '"\\/',
      "\u0000",
      "<script>&amp;",
    ),
  );
  await fc.assert(
    fc.asyncProperty(text, text, async (encryptedWallet, hmac) => {
      const wallet = { encryptedWallet, sequence: (sequence += 1), hmac };
      const stored = await server.post(endpoints3.wallet, { token, ...wallet });
      expect(stored.body).toEqual(wallet);
      expect((await getWallet(token)).body).toEqual(wallet);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["", 400, "Bad Request: Missing token parameter"],
  ["?token=", 400, "Bad Request: Missing token parameter"],
  ["?tokens=x", 400, "Bad Request: Missing token parameter"],
  ["?token=x", 401, "Unauthorized: Token Not Found"],
  [`?token=${"0".repeat(64)}`, 401, "Unauthorized: Token Not Found"],
  ["?token=%00", 401, "Unauthorized: Token Not Found"],
  ["?token=%zz", 401, "Unauthorized: Token Not Found"],
])("[P3-32] GET /wallet%s is refused with %i", async (query, status, error) => {
  expect(await server.get(`${endpoints3.wallet}${query}`)).toMatchObject({
    status,
    body: { error },
  });
});

test("[P3-32] a POST with a bad token is refused", async () => {
  expect(await server.putWallet("x", 1)).toMatchObject(tokenNotFound);
  expect(await server.putWallet("F".repeat(64), 1)).toMatchObject(tokenNotFound);
});

test("[P3-6] a bearer token serves where query and body have none", async () => {
  const token = await newUser();
  const authorization = `Bearer ${token}`;
  const posted = await server.post(endpoints3.wallet, state(1), { authorization });
  expect(posted).toMatchObject({ status: 200, body: state(1) });
  for (const form of [authorization, `bearer ${token}`, `BEARER   ${token}`]) {
    expect((await server.get(endpoints3.wallet, { authorization: form })).status).toBe(200);
  }
  for (const form of [`Basic ${token}`, token, "Bearer", `Bearer ${token} x`, "Bearer "]) {
    expect((await server.get(endpoints3.wallet, { authorization: form })).status).toBe(400);
  }
});

test("[P3-6] the token of query or body goes before the bearer token, and the first of several counts", async () => {
  const token = await newUser();
  const authorization = `Bearer ${"0".repeat(64)}`;
  expect(
    (await server.post(endpoints3.wallet, { token, ...state(1) }, { authorization })).status,
  ).toBe(200);
  expect((await server.get(`${endpoints3.wallet}?token=${token}`, { authorization })).status).toBe(
    200,
  );
  expect((await getWallet(`${token}&token=x`)).status).toBe(200);
  expect((await getWallet(`x&token=${token}`)).status).toBe(401);
  const withBearer = { authorization: `Bearer ${token}` };
  expect(
    (await server.post(endpoints3.wallet, { token: "x", ...state(2) }, withBearer)).status,
  ).toBe(401);
});

test("[P3-36] a write whose session ends while it waits its turn stores nothing", async () => {
  const stores = createMemoryStores();
  const reachedStore = Promise.withResolvers<void>();
  const sessionEnded = Promise.withResolvers<void>();
  const server = await startTestServer({
    stores: openMemoryStores({
      ...stores,
      wallets: {
        ...stores.wallets,
        async replace(request) {
          reachedStore.resolve();
          await sessionEnded.promise;
          return stores.wallets.replace(request);
        },
      },
    }),
  });
  const token = await server.newUser("joe@example.com");
  const write = server.putWallet(token, 1);
  await reachedStore.promise;
  await server.post(endpoints3.password, {
    email: "joe@example.com",
    oldPassword: password,
    newPassword: "another password",
    clientSaltSeed: otherSaltSeed,
  });
  sessionEnded.resolve();
  expect(await write).toMatchObject(tokenNotFound);
  expect(await stores.wallets.newest(1)).toBeUndefined();
  await server.close();
});

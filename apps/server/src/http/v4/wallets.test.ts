import { operations4 } from "@holdfast/protocol/protocol-4";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCall,
  type Device4,
  logIn,
  mainWallet,
  nextRevision,
  push,
  putChange,
  register,
  revisionBody,
  rotate,
  update,
} from "../../testing/client-4.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let users = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const values = { walletId: mainWallet };
const newDevice = () => register(server.url, `wallets${(users += 1)}@example.com`);
const getWallet = (device: Device4, headers: Record<string, string> = {}) =>
  device.call(operations4.getWallet, { values, token: device.token, headers });
const put = (device: Device4, body: unknown, walletId: string = mainWallet) =>
  device.call(operations4.putWallet, { values: { walletId }, token: device.token, body });

test("[P4-50] revisions are stored one after the other, from 1", async () => {
  const device = await newDevice();
  expect(await getWallet(device)).toMatchObject({ status: 404, body: { code: "no-revision" } });
  for (const [index, text] of ["one", "two", "three"].entries()) {
    const { status, body } = await push(device, text);
    const hash = device.head?.hash;
    expect({ status, body }).toEqual({
      status: 200,
      body: { walletId: "default", sequence: index + 1, hash },
    });
  }
});

test("[P4-51] GET answers exactly the bytes that were pushed", async () => {
  const device = await newDevice();
  const revision = nextRevision(device, "kept");
  const body = revisionBody(device, revision);
  await put(device, body);
  const { status, body: answer, headers } = await getWallet(device);
  const { header, encryptedWallet } = body;
  expect({ status, answer }).toEqual({ status: 200, answer: { header, encryptedWallet } });
  expect(headers.get("etag")).toBe(`"${revision.header.hash}"`);
});

test("[P4-52] a known hash is answered with 304 and no body", async () => {
  const device = await newDevice();
  await push(device, "one");
  const tag = `"${device.head?.hash}"`;
  for (const header of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
    const { status, text, headers } = await getWallet(device, { "if-none-match": header });
    expect({ status, text, tag: headers.get("etag") }).toEqual({ status: 304, text: "", tag });
  }
  expect((await getWallet(device, { "if-none-match": '"other"' })).status).toBe(200);
});

test("[P4-53] what does not follow the head is refused with the newest revision", async () => {
  const device = await newDevice();
  const stale = { ...device };
  await push(device, "one");
  const other = await logIn(device);
  const lost = revisionBody(other, nextRevision(other, "lost"));
  const current = (await getWallet(device)).body;
  expect(await put(other, lost)).toMatchObject({
    status: 409,
    body: { code: "conflict", current },
  });
  // A gap is a conflict too.
  await push(device, "two");
  const ahead = revisionBody(device, nextRevision({ ...device, head: undefined }, "again"));
  expect((await put(stale, ahead)).body).toMatchObject({ code: "conflict" });
  expect((await getWallet(device)).headers.get("etag")).toBe(`"${device.head?.hash}"`);
});

test("[P4-53] of racing devices exactly one wins, and the others learn what it wrote", async () => {
  const device = await newDevice();
  await push(device, "base");
  const revisions = Array.from({ length: 8 }, (_, index) =>
    revisionBody(device, nextRevision(device, `by ${index}`)),
  );
  const answers = await Promise.all(revisions.map((body) => put(device, body)));
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  const current = (await getWallet(device)).body;
  const lost = answers.filter(({ status }) => status === 409);
  expect(lost).toHaveLength(7);
  for (const { body } of lost) expect(body).toMatchObject({ code: "conflict", current });
});

test("[P4-54] the same revision sent again is answered as the first time", async () => {
  const device = await newDevice();
  const body = revisionBody(device, nextRevision(device, "twice"));
  const first = await put(device, body);
  const again = await put(device, body);
  expect(again.status).toBe(200);
  expect(again.body).toEqual(first.body);
  expect(again.body).toMatchObject({ sequence: 1 });
});

test("[P4-55] every part of a revision is checked before it is stored", async () => {
  const device = await newDevice();
  const revision = nextRevision(device, "true");
  const body = revisionBody(device, revision);
  const other = await newDevice();
  const foreign = revisionBody(other, nextRevision(other, "foreign"));
  const flipped = `${body.header.signature.startsWith("A") ? "B" : "A"}${body.header.signature.slice(1)}`;
  const refused = [
    [{ ...body, encryptedWallet: foreign.encryptedWallet }, "wrong-body"],
    [{ ...body, header: { ...body.header, signature: flipped } }, "forged"],
    [{ ...body, certificate: undefined }, "forged"],
    [{ ...body, certificate: foreign.certificate }, "forged"],
    [foreign, "forged"],
    [{ ...body, header: { ...body.header, body: `${body.header.body} ` } }, "forged"],
  ] as const;
  for (const [wrong, detail] of refused) {
    expect(await put(device, wrong)).toMatchObject({
      status: 422,
      body: { code: "refused-revision", detail },
    });
  }
  expect(await getWallet(device)).toMatchObject({ status: 404 });
  expect((await put(device, body)).status).toBe(200);
});

test("[P4-56] a revision that is too large gets 413 with its code", async () => {
  const device = await newDevice();
  const revision = nextRevision(device, "x");
  const big = Buffer.alloc(1024 * 1024 + 1).toString("base64url");
  expect(
    await put(device, { ...revisionBody(device, revision), encryptedWallet: big }),
  ).toMatchObject({ status: 413, body: { code: "too-large", maxBytes: 1024 * 1024 } });
  const huge = "A".repeat(4 * 1024 * 1024);
  expect(
    await put(device, { ...revisionBody(device, revision), encryptedWallet: huge }),
  ).toMatchObject({ status: 413, body: { code: "too-large" } });
});

test("[P4-56] a host may be told to take larger ones, or smaller ones", async () => {
  const own = await startTestServer({ settings: { maxWalletBytes: 3 * 1024 * 1024 } });
  const device = await register(own.url, "large@example.com");
  const body = (bytes: number) => ({
    ...revisionBody(device, nextRevision(device, "x")),
    encryptedWallet: Buffer.alloc(bytes).toString("base64url"),
  });
  // It is not the ciphertext that the header names, but it was read and looked at.
  expect((await put(device, body(3 * 1024 * 1024))).body["code"]).toBe("refused-revision");
  expect((await put(device, body(3 * 1024 * 1024 + 1))).body).toMatchObject({
    code: "too-large",
    maxBytes: 3 * 1024 * 1024,
  });
  const host = await device.call(operations4.getHost);
  expect(host.body["limits"]).toMatchObject({ walletBytes: 3 * 1024 * 1024 });
  await own.close();
});

test("[P4-57] headers are listed in order, page by page, and each body can be had", async () => {
  const device = await newDevice();
  const hashes: (string | undefined)[] = [];
  for (const text of ["one", "two", "three"]) {
    await push(device, text);
    hashes.push(device.head?.hash);
  }
  const { token } = device;
  const list = (query: Record<string, number>) =>
    device.call(operations4.listRevisions, { values, token, query });
  const all = (await list({})).body as { headers: { header: { body: string } }[]; head: number };
  expect(all.head).toBe(3);
  const sequences = all.headers.map(
    ({ header }) => (JSON.parse(header.body) as { sequence: number }).sequence,
  );
  expect(sequences).toEqual([1, 2, 3]);
  expect((await list({ after: 1, limit: 1 })).body["headers"]).toEqual([all.headers[1]]);
  const one = await device.call(operations4.getRevision, {
    values: { ...values, sequence: 2 },
    token,
  });
  expect(one.headers.get("etag")).toBe(`"${hashes[1]}"`);
  const none = { values: { ...values, sequence: 4 }, token };
  expect(await device.call(operations4.getRevision, none)).toMatchObject({
    status: 404,
    body: { code: "no-revision" },
  });
});

test("[P4-50] a wallet that no state names does not exist", async () => {
  const device = await newDevice();
  const unknown = "A".repeat(43);
  const body = revisionBody(device, nextRevision(device, "x"));
  expect(await put(device, body, unknown)).toMatchObject({
    status: 404,
    body: { code: "unknown-wallet" },
  });
  expect(await put(device, body, "../account")).toMatchObject({ status: 404 });
});

test("[P4-50] several wallets have chains of their own", async () => {
  const device = await newDevice();
  await push(device, "main");
  const mainHead = device.head;
  expect((await putChange(device, update(device, { addWallets: ["Savings"] }))).status).toBe(200);
  const savings = device.account.state.wallets.find(({ walletId }) => walletId !== mainWallet);
  device.head = undefined;
  expect(await push(device, "saved", savings?.walletId)).toMatchObject({
    status: 200,
    body: { walletId: savings?.walletId, sequence: 1 },
  });
  device.head = mainHead;
  expect(await push(device, "main 2")).toMatchObject({ status: 200, body: { sequence: 2 } });
});

test("[P4-58] after a rotation the old generation takes nothing more", async () => {
  const device = await newDevice();
  await push(device, "one");
  const former = { ...device };
  expect((await rotate(device, "another password")).status).toBe(200);
  const old = { ...former, token: device.token };
  const late = revisionBody(old, nextRevision(old, "late"));
  expect((await put(old, late)).body["code"]).toMatch(/wrong-generation|refused-revision/);
  expect(await push(device, "new generation")).toMatchObject({
    status: 200,
    body: { sequence: 2 },
  });
});

test("[P4-4] nothing of a wallet is there without a token", async () => {
  const call = createCall(server.url);
  expect(await call(operations4.getWallet, { values })).toMatchObject({
    status: 401,
    body: { code: "token-required" },
  });
  expect(await call(operations4.getWallet, { values, token: "A".repeat(43) })).toMatchObject({
    status: 401,
    body: { code: "session-ended" },
  });
});

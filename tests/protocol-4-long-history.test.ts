/**
 * A wallet with more than a hundred thousand revisions, made at the level of the store: a device that has never seen it verifies
 * the whole chain and opens the newest, and one false link far back is found.
 */
import { createHash, createPrivateKey, sign } from "node:crypto";
import {
  encodeCanonical,
  generationKeys,
  type Hash,
  type Head,
  sealRevision,
  secretOf,
  type Signed,
} from "@holdfast/crypto";
import { listHistory, openOldRevision } from "@holdfast/client/protocol-4";
import { createJsonFormat } from "@holdfast/wallet/json";
import { splitContent } from "@holdfast/wallet/merge";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Device4, mainWallet, random, register } from "../apps/server/src/testing/client-4.ts";
import {
  openMemoryStores,
  startTestServer,
  type TestServer,
} from "../apps/server/src/testing/test-server.ts";
import { headersPerPart } from "../packages/client/src/protocol-4/sync/header-chain.ts";
import { openWallet } from "./protocol-4/device-4.ts";
import { loggedIn } from "./protocol-4/scene.ts";

const long = 100_001;
const format = createJsonFormat({ name: "notes" });
const password = "correct horse battery";
const stores = openMemoryStores();
let server: TestServer;

type History = {
  readonly count: number;
  /** the sequence of a header that follows another one than the one before it */
  readonly broken?: number;
  readonly isSigned?: boolean;
};

/** The last sequence of each part is the only one whose signature is ever looked at, so the others have none that holds. */
function makeHeaders({ account }: Device4, { count, broken, isSigned = true }: History): Signed[] {
  const { state, keyring } = account;
  const keys = generationKeys(secretOf(keyring, mainWallet, 1));
  const der = Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    keys.writerSeed.expose(),
  ]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const headers: Signed[] = [];
  let parent: string | undefined;
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const body = encodeCanonical({
      v: 4,
      identity: state.account.identity,
      walletId: mainWallet,
      sequence,
      ...(parent !== undefined && { parent: sequence === broken ? hashOf("another") : parent }),
      generation: 1,
      epoch: 1,
      deviceId: "laptop",
      savedAt: sequence,
      encryptedWalletHash: hashOf("text"),
    });
    const message = Buffer.from(`holdfast/4/header\0${body}`);
    const signature =
      isSigned && sequence % headersPerPart === 0 ? sign(null, message, key) : Buffer.alloc(64);
    headers.push({ body, signature: signature.toString("base64url") });
    parent = hashOf(body);
  }
  return headers;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Puts a history before the newest revision, which is one that opens. */
async function store(device: Device4, headers: readonly Signed[]): Promise<void> {
  const holder = await stores.credentials.findById(device.id);
  const userId = holder?.userId ?? 0;
  const [session] = await stores.devices.list(userId, Date.now());
  const { state, keyring } = device.account;
  const keys = generationKeys(secretOf(keyring, mainWallet, 1));
  const head: Head = {
    sequence: headers.length,
    hash: hashOf(headers.at(-1)?.body ?? "") as Hash,
    generation: 1,
    epoch: 1,
  };
  const content = format.edit(format.empty, new Map([["value", 7n]]), 1);
  const sealed = sealRevision(
    {
      identity: state.account.identity,
      walletId: mainWallet,
      head,
      generation: 1,
      epoch: 1,
      deviceId: "laptop",
      savedAt: 1,
      content: { format: format.name, ...splitContent(format, content) },
      keys,
    },
    random,
  );
  const all = [...headers, sealed.header.signed];
  const appended = await stores.revisions.append({
    userId,
    tokenHash: session?.tokenHash ?? "",
    nowMs: Date.now(),
    epoch: 1,
    revisions: {
      walletId: mainWallet,
      head: undefined,
      headers: all.map((signed, at) => ({
        ...signed,
        sequence: at + 1,
        hash: hashOf(signed.body),
        generation: 1,
        epoch: 1,
        deviceId: "laptop",
      })),
      encryptedWallet: sealed.encryptedWallet,
      writerKeys: [{ generation: 1, key: keys.writerKey }],
      keepsPrevious: false,
    },
  });
  expect(appended).toEqual({ type: "stored" });
}

/** A device that has never seen the wallet before it has this history. */
async function newDeviceOf(id: string, history: History) {
  const device = await register(server.url, id, password);
  await store(device, makeHeaders(device, history));
  const { account } = await loggedIn(new URL(server.url), { id, password });
  const wallet = openWallet(account);
  await wallet.driver.whenQuiet();
  return { account, wallet };
}

beforeAll(async () => {
  server = await startTestServer({ stores });
});
afterAll(() => server.close());

test("[P4K-52] a new device verifies and opens a wallet of more than a hundred thousand revisions", async () => {
  const { wallet } = await newDeviceOf("ann@example.com", { count: long });
  expect(wallet.reports).toEqual([]);
  expect(wallet.view()).toEqual({ value: 7 });
  expect(wallet.driver.state().record.synced.sequence).toBe(long + 1);
  await wallet.edit({ value: 8 });
  expect(wallet.driver.state().record.synced.sequence).toBe(long + 2);
  wallet.driver.stop();
});

test("[P4K-52] [P4K-58] of a long history the newest part is listed, and every revision can be asked for", async () => {
  const count = 2 * headersPerPart + 100;
  const { account, wallet } = await newDeviceOf("bob@example.com", { count });
  wallet.driver.stop();
  const history = await listHistory(account, mainWallet);
  if (history.type !== "history") throw new Error(history.type);
  expect(history.entries[0]).toMatchObject({ sequence: count + 1, hasBody: true });
  expect(history.entries).toHaveLength(count + 1 - headersPerPart);
  expect(await openOldRevision(account, mainWallet, format, 5)).toEqual({ type: "body-gone" });
  const newest = await openOldRevision(account, mainWallet, format, count + 1);
  expect(newest.type).toBe("opened");
});

test.each([5000, headersPerPart + 1, 2])(
  "[P4K-52] a false link at revision %i of a long history is named, and nothing is applied",
  async (broken) => {
    const count = 2 * headersPerPart + 100;
    const { wallet } = await newDeviceOf(`carl-${broken}@example.com`, { count, broken });
    expect(wallet.reports).toMatchObject([{ type: "host-misbehaves", fault: "missing-link" }]);
    expect(wallet.view()).toEqual({});
    expect(wallet.driver.state().record.problem).toMatchObject({ name: "broken-chain" });
    wallet.driver.stop();
  },
);

test("[P4K-52] headers of the host's own making go no further than one part, however well they hang together", async () => {
  const history = { count: 2 * headersPerPart + 100, isSigned: false };
  const { wallet } = await newDeviceOf("dora@example.com", history);
  expect(wallet.reports).toMatchObject([{ type: "host-misbehaves", fault: "forged" }]);
  expect(wallet.view()).toEqual({});
  wallet.driver.stop();
});

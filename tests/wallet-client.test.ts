import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createProtocol3Source,
  createWalletClient,
  Secret,
  type Credentials3,
  type WalletClient,
} from "@holdfast/client";
import { nodePlatform, openWalletFolder } from "@holdfast/client/node";
import { createTemporaryFolder } from "@holdfast/testing";
import {
  getPreference,
  lbryFormat,
  setPreference,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cheapScrypt } from "./client/cheap-scrypt.ts";
import { startRelay, type Relay } from "./client/relay.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

type Client = WalletClient<WalletDocument, Credentials3>;

const email = "Joe@example.com";
const password = "correct horse battery staple";

describe("a wallet client over protocol 3, in Node, against the real server", () => {
  let folder: ReturnType<typeof createTemporaryFolder>;
  let host: TestHost;
  let relay: Relay;
  let clients: Client[];

  beforeEach(async () => {
    folder = createTemporaryFolder();
    host = await startTestHost();
    relay = await startRelay(host.url);
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) await client.close();
    await relay.close();
    await host.close();
    folder.remove();
  });

  async function open(name: string, server = relay.url): Promise<Client> {
    const client = createWalletClient({
      format: lbryFormat,
      store: openWalletFolder(join(folder.path, name)),
      source: createProtocol3Source({ server, ...nodePlatform, scrypt: cheapScrypt }),
      ...nodePlatform,
    });
    clients.push(client);
    expect(await client.open()).toEqual({ type: "open", role: "leader" });
    return client;
  }

  async function unlock(client: Client, type: Credentials3["type"], given = password) {
    return await client.unlock({ type, email, password: new Secret(given) });
  }

  async function set(client: Client, key: string, value: string) {
    return await client.edit((wallet) => setPreference(wallet, key, value, Date.now() / 1000));
  }

  function valueOf(client: Client, key: string) {
    const { document } = client.snapshot();
    return document === null ? undefined : getPreference(document, key);
  }

  async function until(client: Client, isMet: () => boolean): Promise<void> {
    if (isMet()) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const stop = client.subscribe(() => {
      if (isMet()) resolve(undefined);
    });
    await promise;
    stop();
  }

  function logins(): number {
    return relay.seen.filter(({ url }) => url.startsWith("/api/3/auth/full")).length;
  }

  it("[SYNC-15, SYNC-18] edits of two devices travel by notices, without being asked for", async () => {
    const one = await open("one");
    await set(one, "from before", "the account");
    expect(await unlock(one, "sign-up")).toEqual({ type: "unlocked" });
    const two = await open("two");
    expect(await unlock(two, "password")).toEqual({ type: "unlocked" });
    await until(two, () => valueOf(two, "from before") === "the account");
    await set(two, "animal", "cow");
    await until(one, () => valueOf(one, "animal") === "cow");
    expect(await one.history()).toEqual({ type: "no-history" });
    expect(await one.restore(1)).toEqual({ type: "no-history" });
  });

  it("[APP-14] a sign-up whose answer was lost is recognised when it is made again", async () => {
    const client = await open("one");
    relay.trick("POST /api/3/signup", { type: "lose-answer" });
    expect(await unlock(client, "sign-up")).toMatchObject({ type: "unreachable" });
    expect(await unlock(client, "sign-up")).toEqual({ type: "unlocked" });
    const other = await open("other");
    expect(await unlock(other, "sign-up")).toEqual({ type: "address-taken" });
  });

  it("[APP-13] a dead token is replaced by itself, once", async () => {
    const client = await open("one");
    await unlock(client, "sign-up");
    const before = logins();
    const answer = { status: 401, body: { error: "Unauthorized: Token Not Found" } };
    relay.trick("POST /api/3/wallet", { type: "answer", answer });
    await set(client, "animal", "cow");
    await until(client, () => client.snapshot().status.type === "saved");
    expect(logins()).toBe(before + 1);
    relay.always("GET /api/3/wallet", { type: "answer", answer });
    expect(await client.sync()).toEqual({ type: "needs-password", why: "changed-elsewhere" });
    expect(logins()).toBe(before + 2);
  });

  it("[APP-13] without the host: unlocked by what the device remembers, which holds no secret", async () => {
    const before = await open("one");
    await unlock(before, "sign-up");
    await set(before, "animal", "cow");
    await until(before, () => before.snapshot().status.type === "saved");
    await before.close();
    relay.always("", { type: "lose-request" });
    const client = await open("one");
    expect(await unlock(client, "password", "wrong")).toMatchObject({
      type: "credentials-refused",
    });
    expect(await unlock(client, "password")).toEqual({ type: "unlocked" });
    expect(client.snapshot().status).toEqual({ type: "offline", why: "unreachable" });
    await set(client, "animal", "horse");
    relay.clear();
    expect(await client.sync()).toEqual({ type: "saved" });
    expect(client.snapshot().sequence).toBe(2);
    const seen = relay.seen.find(({ url }) => url.startsWith("/api/3/auth/full"));
    const loginPassword = (JSON.parse(seen?.body ?? "") as { password: string }).password;
    for (const file of ["state.json", "account.json"]) {
      const text = await readFile(join(folder.path, "one", file), "utf8");
      expect(text).not.toContain(password);
      expect(text).not.toContain(loginPassword);
    }
  });

  it("[APP-9] a device of one account refuses another, and another host", async () => {
    const client = await open("one");
    await unlock(client, "sign-up");
    const other = { type: "password", email: "ann@example.com" } as const;
    const owner = `joe@example.com at ${relay.url}`;
    expect(await client.unlock({ ...other, password: new Secret(password) })).toEqual({
      type: "another-account",
      owner,
    });
    expect(client.snapshot().isUnlocked).toBe(true);
    await client.close();
    const elsewhere = await open("one", host.url);
    expect(await unlock(elsewhere, "password")).toEqual({ type: "another-account", owner });
  });

  it("[SYNC-10] a host that shows an older wallet is named, nothing of it is taken, and mine goes on top", async () => {
    const client = await open("one");
    await unlock(client, "sign-up");
    let first: unknown;
    for (const animal of ["cow", "horse"]) {
      await set(client, "animal", animal);
      await until(client, () => client.snapshot().status.type === "saved");
      first ??= JSON.parse(
        relay.seen.findLast(({ method, url }) => method === "POST" && url === "/api/3/wallet")
          ?.body ?? "",
      );
    }
    const { encryptedWallet, hmac } = first as Record<string, string>;
    const old = { status: 200, body: { encryptedWallet, sequence: 1, hmac } };
    relay.always("GET /api/3/wallet", { type: "answer", answer: old });
    expect(await client.sync()).toMatchObject({
      type: "host-misbehaves",
      problem: { name: "rolled-back", ours: { sequence: 2 }, theirs: { sequence: 1 } },
    });
    await client.decide("look");
    expect(client.snapshot().look).toMatchObject({ type: "document" });
    expect(valueOf(client, "animal")).toBe("horse");
    relay.clear();
    expect(await client.decide("try-again")).toEqual({ type: "saved" });
  });

  it("[SYNC-14] what a person must do first is said: confirm the address, spell it right, use a host that is one", async () => {
    const mailing = await startTestHost({ ACCOUNT_VERIFICATION_MODE: "EmailVerify" });
    const unverified = await open("one", mailing.url);
    expect(await unlock(unverified, "sign-up")).toEqual({ type: "not-verified" });
    expect(await unlock(unverified, "password")).toEqual({ type: "not-verified" });
    await mailing.close();
    const unknown = await open("two");
    expect(await unlock(unknown, "password")).toEqual({ type: "unknown-account" });
    const plain = await open("three", "http://wallet.example.com");
    expect(await unlock(plain, "password")).toMatchObject({ type: "host-refused" });
  });
});

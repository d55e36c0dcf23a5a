import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createManualClock, createTemporaryFolder } from "@holdfast/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPlainHost, format } from "../../test-support/plain-host.ts";
import {
  createTestClient,
  joe,
  set,
  shown,
  until,
  type TestClient,
} from "../../test-support/test-clients.ts";
import { nodeFileSteps, type FileSteps } from "../adapters/node/file-steps.ts";
import { openWalletFolder } from "../adapters/node/wallet-folder.ts";

const clock = createManualClock();
let folder: ReturnType<typeof createTemporaryFolder>;
let clients: TestClient[];

beforeEach(() => {
  folder = createTemporaryFolder();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) await client.close();
  folder.remove();
});

function create(host = createPlainHost(), name = "one", steps?: FileSteps): TestClient {
  const client = createTestClient(host, openWalletFolder(join(folder.path, name), steps), clock);
  clients.push(client);
  return client;
}

async function opened(host = createPlainHost(), name = "one"): Promise<TestClient> {
  const client = create(host, name);
  expect(await client.open()).toEqual({ type: "open", role: "leader" });
  return client;
}

async function unlocked(host: ReturnType<typeof createPlainHost>, name: string) {
  const client = await opened(host, name);
  expect(await client.unlock(joe)).toEqual({ type: "unlocked" });
  return client;
}

describe("a wallet on one device", () => {
  test("[SYNC-1, APP-5, APP-11] an edit is on disk when it is said to be saved, without any host", async () => {
    const client = await opened();
    expect(await set(client, "animal", "cow")).toEqual({ type: "saved" });
    const path = join(folder.path, "one", "state.json");
    expect(await readFile(path, "utf8")).toContain("cow");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await client.close()).toBe(true);
    expect(client.snapshot()).toMatchObject({ status: { type: "closed" }, document: null });

    const again = await opened();
    expect(shown(again)).toEqual({ animal: "cow" });
    expect(again.snapshot().sentence).toBe("Sign in to have this wallet on your other devices.");
    expect(await set(again, "animal", "cow")).toEqual({ type: "unchanged" });
  });

  test("[APP-10] snapshots are frozen, and the same one until something changes", async () => {
    const client = await opened();
    const before = client.snapshot();
    expect(Object.isFrozen(before)).toBe(true);
    const seen: unknown[] = [];
    const stop = client.subscribe((snapshot) => seen.push(snapshot));
    expect(client.snapshot()).toBe(before);
    await set(client, "a", 1n);
    stop();
    await set(client, "a", 2n);
    expect(before.document).toEqual(new Map());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).not.toContain(client.snapshot());
  });

  test("calls before `open` and after `close` are told so", async () => {
    const client = create();
    expect(await set(client, "a", 1n)).toEqual({ type: "not-open" });
    expect(await client.unlock(joe)).toEqual({ type: "not-open" });
    expect(await client.history()).toEqual({ type: "not-open" });
    expect(await client.sync()).toEqual({ type: "closed" });
  });

  test("[APP-7] a damaged memory is reported and left as it is", async () => {
    const client = await opened();
    await set(client, "a", 1n);
    await client.close();
    const path = join(folder.path, "one", "state.json");
    const torn = (await readFile(path, "utf8")).slice(0, -9);
    await writeFile(path, torn);
    const location = join(folder.path, "one");
    for (const _ of ["once", "and again, since the lock was let go"]) {
      expect(await client.open()).toEqual({ type: "damaged", location, detail: "it is not JSON" });
      expect(client.snapshot().status).toEqual({ type: "damaged", detail: "it is not JSON" });
    }
    expect(await readFile(path, "utf8")).toBe(torn);
  });

  test("[APP-7] somebody's own folder is refused and stays as it is", async () => {
    await writeFile(join(folder.path, "letter.txt"), "dear");
    const client = create(createPlainHost(), ".");
    expect(await client.open()).toMatchObject({ type: "unusable", location: folder.path });
  });

  test("[SYNC-25, APP-8] a full disk: kept in memory, said in words, and saved when there is room", async () => {
    let isFull = false;
    const host = createPlainHost();
    const client = create(host, "one", {
      ...nodeFileSteps,
      async createFile(path) {
        if (isFull) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
        return await nodeFileSteps.createFile(path);
      },
    });
    await client.open();
    await client.unlock(joe);
    isFull = true;
    expect(await set(client, "animal", "cow")).toEqual({ type: "not-saved", reason: "disk-full" });
    expect(shown(client)).toEqual({ animal: "cow" });
    expect(client.snapshot()).toMatchObject({
      status: { type: "not-saved", reason: "disk-full" },
      isSaved: false,
    });
    expect(client.snapshot().sentence).toContain("The disk is full");
    expect(host.head()).toBeNull();
    isFull = false;
    clock.advance(2000);
    await until(client, ({ status }) => status.type === "saved");
    expect(host.head()?.payload["text"]).toContain("cow");
  });

  test("[APP-11] a document the format cannot write is refused, and nothing is changed", async () => {
    const client = await opened();
    const outcome = await client.edit(() => ({ plain: "object" }) as unknown as string);
    expect(outcome.type).toBe("refused");
    expect(shown(client)).toEqual({});
  });
});

describe("one device, two processes", () => {
  test("[APP-1] opening twice at once is opening once; closing meanwhile ends it", async () => {
    const client = create();
    const both = await Promise.all([client.open(), client.open()]);
    expect(both).toEqual([1, 2].map(() => ({ type: "open", role: "leader" })));
    await client.close();
    const opening = client.open();
    await client.close();
    expect(await opening).toEqual({ type: "closed" });
    expect(await client.open()).toEqual({ type: "open", role: "leader" });
  });

  test("[APP-1] the second one is told that the wallet is in use, and gets it when the first is done", async () => {
    const first = await opened();
    const second = create();
    const location = join(folder.path, "one");
    expect(await second.open()).toEqual({ type: "in-use", location });
    expect(second.snapshot().status.type).toBe("closed");
    await first.close();
    expect(await second.open()).toEqual({ type: "open", role: "leader" });
  });
});

describe("with a host", () => {
  test("[SYNC-15] unlocking syncs first; then edits travel by themselves", async () => {
    const host = createPlainHost();
    const one = await unlocked(host, "one");
    await set(one, "animal", "cow");
    await until(one, ({ status }) => status.type === "saved");
    const two = await unlocked(host, "two");
    expect(shown(two)).toEqual({ animal: "cow" });
    await set(two, "colour", "red");
    await until(one, () => shown(one)["colour"] === "red");
    expect(two.snapshot()).toMatchObject({ owner: "joe", isUnlocked: true, sequence: 2 });
  });

  test("[SYNC-15, SYNC-17] offline: edits are kept, tried again with growing pauses, and at once when told", async () => {
    const host = createPlainHost();
    const client = await opened(host);
    host.fail({ type: "unreachable" });
    expect(await client.unlock(joe)).toEqual({ type: "unlocked" });
    expect(await set(client, "animal", "cow")).toEqual({ type: "saved" });
    expect(client.snapshot()).toMatchObject({
      status: { type: "offline", why: "unreachable" },
      hasUnpushedChanges: true,
    });
    const asked = host.asked.length;
    clock.advance(2000);
    await until(client, () => host.asked.length > asked);
    host.fail(null);
    expect(await client.sync()).toEqual({ type: "saved" });
    expect(host.head()?.payload["text"]).toContain("cow");
  });

  test("[SYNC-18] a broken connection is opened again, and looked at once", async () => {
    const host = createPlainHost();
    const client = await unlocked(host, "one");
    const other = await unlocked(host, "two");
    expect(host.watchers.size).toBe(2);
    host.fail({ type: "unreachable" });
    await until(client, ({ status }) => status.type === "offline");
    await until(other, ({ status }) => status.type === "offline");
    host.fail(null);
    await other.sync();
    await set(other, "animal", "cow");
    await until(other, ({ status }) => status.type === "saved");
    clock.advance(5000);
    await until(client, () => shown(client)["animal"] === "cow");
    await client.lock();
    await other.close();
    expect(host.watchers.size).toBe(0);
  });

  test("[SYNC-18] the platform's word on its network is heard", async () => {
    const host = createPlainHost();
    let tell: (isOnline: boolean) => void = () => undefined;
    let isListening = true;
    const client = createTestClient(host, openWalletFolder(join(folder.path, "one")), clock, {
      isOnline: () => false,
      listen(listener) {
        tell = listener;
        return () => {
          isListening = false;
        };
      },
    });
    clients.push(client);
    await client.open();
    host.fail({ type: "unreachable" });
    await client.unlock(joe);
    expect(client.snapshot().status).toEqual({ type: "offline", why: "offline" });
    expect(host.asked).toEqual([]);
    host.fail(null);
    tell(true);
    await until(client, ({ status }) => status.type === "saved");
    tell(false);
    expect(client.snapshot().sentence).toBe(
      "You are offline. Your changes are kept on this device.",
    );
    await client.close();
    expect(isListening).toBe(false);
  });

  test("[SYNC-14] keys refused: they are forgotten, edits go on, and the next unlock merges", async () => {
    const host = createPlainHost();
    const client = await unlocked(host, "one");
    for (const tell of host.watchers) tell({ type: "credentials-changed" });
    expect(client.snapshot().status).toEqual({ type: "needs-password", why: "changed-elsewhere" });
    expect(host.asked).toContain("forget");
    expect(host.watchers.size).toBe(0);
    expect(await set(client, "animal", "cow")).toEqual({ type: "saved" });
    expect(await client.unlock({ ...joe, password: "wrong" })).toMatchObject({
      type: "credentials-refused",
    });
    expect(host.head()).toBeNull();
    await client.unlock(joe);
    await until(client, ({ status }) => status.type === "saved");
    expect(host.head()?.payload["text"]).toContain("cow");
  });

  test("[SYNC-14] locking forgets the keys; edits wait for the next unlock", async () => {
    const host = createPlainHost();
    const client = await unlocked(host, "one");
    await client.lock();
    expect(client.snapshot()).toMatchObject({
      status: { type: "needs-password", why: "locked" },
      isUnlocked: false,
      owner: "joe",
    });
    expect(host.asked.at(-1)).toBe("forget");
    await set(client, "animal", "cow");
    expect(host.head()).toBeNull();
    expect(client.snapshot().hasUnpushedChanges).toBe(true);
  });

  test("[APP-12] what a protocol remembers is kept apart from the wallet, in parts of its own", async () => {
    const host = createPlainHost();
    const client = await unlocked(host, "one");
    await client.close();
    await client.open();
    await client.unlock(joe);
    const path = join(folder.path, "one", "account-unlocks.json");
    expect(await readFile(path, "utf8")).toBe("2");
    await writeFile(join(folder.path, "one", "account.json"), new Uint8Array([0xff]));
    expect(await client.unlock(joe)).toMatchObject({ type: "memory-failed" });
  });

  test("[APP-9] one account's wallet is never taken for another's", async () => {
    const host = createPlainHost();
    const client = await unlocked(host, "one");
    await set(client, "animal", "cow");
    await until(client, ({ status }) => status.type === "saved");
    await client.close();
    await client.open();
    expect(await client.unlock({ ...joe, owner: "ann" })).toEqual({
      type: "another-account",
      owner: "joe",
    });
    expect(client.snapshot().isUnlocked).toBe(false);
  });

  test("[APP-9] the account is known by its id where its address changed", async () => {
    const host = createPlainHost();
    const client = await opened(host);
    expect(await client.unlock({ ...joe, ownerId: "id" })).toEqual({ type: "unlocked" });
    await client.close();
    await client.open();
    const renamed = { ...joe, owner: "joseph", ownerId: "id" };
    expect(await client.unlock(renamed)).toEqual({ type: "unlocked" });
    expect(client.snapshot().owner).toBe("joseph");
  });

  test("[APP-16] [SYNC-27] another account's wallet is merged into the new one's if that is said, and into no other", async () => {
    const [joes, anns] = [createPlainHost(), createPlainHost()];
    const ann = { ...joe, owner: "ann" };
    const elsewhere = await opened(anns, "two");
    await elsewhere.unlock(ann);
    await set(elsewhere, "colour", "purple");
    await until(elsewhere, ({ status }) => status.type === "saved");
    const before = await unlocked(joes, "one");
    await set(before, "animal", "cow");
    await until(before, ({ status }) => status.type === "saved");
    await before.close();
    const client = await opened(anns, "one");
    expect(await client.unlock(ann)).toEqual({ type: "another-account", owner: "joe" });
    expect(textOn(anns)).not.toContain("cow");
    expect(await client.unlock(ann, { anothersWallet: "merge" })).toEqual({ type: "unlocked" });
    await until(client, ({ status }) => status.type === "saved");
    expect(shown(client)).toEqual({ animal: "cow", colour: "purple" });
    expect(client.snapshot()).toMatchObject({ owner: "ann", sequence: 2 });
    expect(textOn(anns)).toContain("cow");
    expect(textOn(joes)).not.toContain("purple");
    await client.close();
    await client.open();
    expect(await client.unlock(joe)).toEqual({ type: "another-account", owner: "ann" });
    expect(await client.unlock(ann)).toEqual({ type: "unlocked" });
  });

  test("[SYNC-16] edits from before the first sign-in are merged, or one side is taken", async () => {
    const host = createPlainHost();
    const one = await unlocked(host, "one");
    await set(one, "a", "host");
    await until(one, ({ status }) => status.type === "saved");
    const merging = await opened(host, "two");
    await set(merging, "b", "own");
    await merging.unlock(joe);
    expect(shown(merging)).toEqual({ a: "host", b: "own" });
    const taking = await opened(host, "three");
    await set(taking, "c", "own");
    await taking.chooseFirstSync("take-theirs");
    await taking.unlock(joe);
    expect(shown(taking)).not.toHaveProperty("c");
  });

  test("[APP-10] a conflict is listed with both values and a sentence, and an answer closes it everywhere", async () => {
    const host = createPlainHost();
    const [one, two] = [await unlocked(host, "one"), await unlocked(host, "two")];
    await set(one, "pin", "1111");
    await until(two, () => shown(two)["pin"] === "1111");
    await two.lock();
    await set(two, "pin", "2222");
    await set(one, "pin", "3333");
    await until(one, ({ status }) => status.type === "saved");
    await two.unlock(joe);
    const { conflicts, status } = await until(
      two,
      ({ status }) => status.type === "needs-decision",
    );
    expect(status).toEqual({ type: "needs-decision", conflicts: 1 });
    expect(conflicts[0]).toMatchObject({
      path: ["pin"],
      values: { first: "2222", second: "3333" },
    });
    expect(conflicts[0]?.description).toContain("Two devices changed pin");
    expect(conflicts[0]?.description).not.toMatch(/1111|2222|3333/);
    const id = conflicts[0]?.id ?? "";
    await until(one, ({ conflicts }) => conflicts.length === 1);
    expect(await two.resolve("no such", "first")).toEqual({ type: "unknown-conflict" });
    expect(await two.resolve(id, "first")).toEqual({ type: "saved" });
    await until(one, ({ conflicts }) => conflicts.length === 0);
    expect([shown(one), shown(two)]).toEqual([{ pin: "2222" }, { pin: "2222" }]);
  });

  test("[SYNC-10, SYNC-12] a host that misbehaves: nothing is taken, it is shown, and mine goes on top", async () => {
    const host = createPlainHost();
    const client = await unlocked(host, "one");
    await set(client, "animal", "cow");
    await until(client, ({ status }) => status.type === "saved");
    host.forge({
      sequence: 1,
      hash: "forged",
      payload: { text: format.serialize(format.contentOf(new Map([["animal", "pig"]]))) },
      sizeBytes: 1,
    });
    const forged = textOn(host);
    expect(forged).toContain("pig");
    const status = await client.sync();
    expect(status).toMatchObject({ type: "host-misbehaves", problem: { name: "forked" } });
    expect(client.snapshot().sentence).toContain("Nothing of it was taken");
    expect(shown(client)).toEqual({ animal: "cow" });
    await client.decide("look");
    expect(client.snapshot().look).toMatchObject({
      type: "document",
      differences: ['Animal changed from "cow" to "pig".'],
    });
    expect(shown(client)).toEqual({ animal: "cow" });
    expect(await client.decide("keep-mine")).toEqual({ type: "saved" });
    expect(textOn(host)).toContain("cow");
  });

  test("[SYNC-19] too large is said with its size, and sent when it is smaller", async () => {
    const host = createPlainHost();
    const client = await unlocked(host, "one");
    host.limit(300);
    await set(client, "a", "x".repeat(400));
    await until(client, ({ status }) => status.type === "too-large");
    expect(client.snapshot().sentence).toContain("too large for the host");
    await set(client, "a", "x");
    await until(client, ({ status }) => status.type === "saved");
  });

  test("[APP-12] earlier revisions are listed and put back where the protocol keeps them; else that is said", async () => {
    const host = createPlainHost();
    const without = await unlocked(host, "one");
    expect(await without.history()).toEqual({ type: "no-history" });
    expect(await without.restore(1)).toEqual({ type: "no-history" });
    await without.close();
    host.keepHistory();
    const client = await opened(host, "one");
    expect(await client.history()).toEqual({ type: "locked" });
    await client.unlock(joe);
    for (const animal of ["cow", "pig"]) {
      await set(client, "animal", animal);
      await until(client, ({ status }) => status.type === "saved");
    }
    expect(client.snapshot().hasHistory).toBe(true);
    expect(await client.history()).toMatchObject({
      type: "revisions",
      revisions: [{ sequence: 2 }, { sequence: 1 }],
    });
    expect(await client.restore(7)).toEqual({ type: "unknown-revision" });
    expect(await client.restore(1)).toEqual({ type: "saved" });
    expect(shown(client)).toEqual({ animal: "cow" });
    await until(client, ({ sequence }) => sequence === 3);
  });
});

function textOn(host: ReturnType<typeof createPlainHost>): string {
  return host.head()?.payload["text"] ?? "";
}

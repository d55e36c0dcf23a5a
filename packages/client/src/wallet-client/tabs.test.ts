import { setImmediate as nextTurn } from "node:timers/promises";
import { createManualClock } from "@holdfast/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPlainHost, type PlainHost } from "../../test-support/plain-host.ts";
import { createTabMemory, openTabStore, type TabMemory } from "../../test-support/tab-store.ts";
import {
  createTestClient,
  joe,
  set,
  shown,
  until,
  type TestClient,
} from "../../test-support/test-clients.ts";

// The browser's locks and channels, as Node has them too. What only a browser has is tested in tests/browser.

const clock = createManualClock();
let memory: TabMemory;
let host: PlainHost;
let clients: TestClient[];

beforeEach(() => {
  memory = createTabMemory();
  host = createPlainHost();
  clients = [];
});

afterEach(async () => {
  memory.hold = null;
  for (const client of clients) await client.close();
});

async function openTab(): Promise<TestClient & { crash(): void }> {
  const store = openTabStore(memory);
  const client = createTestClient(host, store, clock);
  await client.open();
  clients.push(client);
  return {
    ...client,
    crash() {
      clients.splice(clients.indexOf(client), 1);
      store.crash();
    },
  };
}

function onDisk(): string {
  return memory.texts.get("state") ?? "";
}

test("[APP-1] the first tab leads, others see what it sees and hand it their edits", async () => {
  const first = await openTab();
  await set(first, "a", "first");
  const second = await openTab();
  expect(second.snapshot().role).toBe("follower");
  expect(shown(second)).toEqual({ a: "first" });
  expect(await set(second, "b", "second")).toEqual({ type: "saved" });
  expect(onDisk()).toContain("second");
  expect(shown(first)).toEqual({ a: "first", b: "second" });
  await set(first, "c", "third");
  await until(second, () => shown(second)["c"] === "third");
});

test("[APP-2] a follower's edit is shown at once, and said to be saved only when the leader's disk has it", async () => {
  const first = await openTab();
  const second = await openTab();
  const held = Promise.withResolvers<undefined>();
  memory.hold = held.promise;
  let isSettled = false;
  const edited = set(second, "a", 1n).then((outcome) => {
    isSettled = true;
    return outcome;
  });
  expect(shown(second)).toEqual({ a: 1n });
  await until(first, ({ status, isSaved }) => status.type === "saving" || !isSaved);
  expect(isSettled).toBe(false);
  held.resolve(undefined);
  expect(await edited).toEqual({ type: "saved" });
});

test("[APP-3] the leader dies with edits of three tabs unsaved: another leads, and every edit is on disk", async () => {
  const first = await openTab();
  const [second, third] = [await openTab(), await openTab()];
  memory.hold = Promise.withResolvers<never>().promise;
  const edits = [set(second, "b", "second"), set(third, "c", "third"), set(second, "d", "again")];
  // Messages of one tab keep their order: who is answered later was heard before.
  await Promise.all([second.history(), third.history()]);
  expect(first.snapshot().isSaved).toBe(false);
  memory.hold = null;
  first.crash();
  expect(await Promise.all(edits)).toEqual(edits.map(() => ({ type: "saved" })));
  expect([second, third].map((tab) => tab.snapshot().role).toSorted()).toEqual([
    "follower",
    "leader",
  ]);
  for (const word of ["second", "third", "again"]) expect(onDisk()).toContain(word);
  await until(third, () => shown(third)["d"] === "again");
  expect(third.snapshot().conflicts).toEqual([]);
});

test("[APP-3] an edit that was saved by a leader that died before it could say so is not made twice", async () => {
  const first = await openTab();
  const second = await openTab();
  await set(second, "a", "w");
  memory.isSilent = true;
  const edit = set(second, "a", "x");
  await until(first, ({ isSaved }) => !isSaved);
  await nextTurn();
  expect(onDisk()).toContain('\\"x\\"');
  memory.isSilent = false;
  first.crash();
  expect(await edit).toEqual({ type: "saved" });
  expect(shown(second)).toEqual({ a: "x" });
  expect(second.snapshot().conflicts).toEqual([]);
});

test("[APP-3, APP-4] a leader that closes hands over; keys do not travel, so the next one asks for the password", async () => {
  const first = await openTab();
  await first.unlock(joe);
  const second = await openTab();
  expect(second.snapshot()).toMatchObject({ isUnlocked: true, owner: "joe" });
  expect(await second.unlock(joe)).toEqual({ type: "already-unlocked" });
  await first.close();
  await until(second, ({ role }) => role === "leader");
  expect(second.snapshot().status).toEqual({ type: "needs-password", why: "locked" });
  expect(await second.unlock(joe)).toEqual({ type: "unlocked" });
});

test("[APP-4] who has the password leads: the leader steps down for it, and no edit is lost on the way", async () => {
  const [first, second, third] = [await openTab(), await openTab(), await openTab()];
  const edits = [set(first, "a", 1n), set(second, "b", 2n), set(third, "c", 3n)];
  expect(await third.unlock(joe)).toEqual({ type: "unlocked" });
  edits.push(set(first, "d", 4n));
  await Promise.all(edits);
  expect([first, second, third].map((tab) => tab.snapshot().role)).toEqual([
    "follower",
    "follower",
    "leader",
  ]);
  await until(first, () => Object.keys(shown(first)).length === 4);
  expect(shown(first)).toEqual({ a: 1n, b: 2n, c: 3n, d: 4n });
  await until(second, ({ status }) => status.type === "saved");
  expect(host.head()?.payload["text"]).toContain('"d": 4');
  await second.lock();
  expect(third.snapshot().isUnlocked).toBe(false);
});

test("[APP-1, APP-12] a follower syncs, decides, answers conflicts and restores through the leader", async () => {
  host.keepHistory();
  const first = await openTab();
  await first.unlock(joe);
  const tab = await openTab();
  for (const animal of ["cow", "pig"]) {
    await set(tab, "animal", animal);
    await until(tab, ({ status }) => status.type === "saved");
  }
  expect(await tab.history({ limit: 1 })).toMatchObject({ revisions: [{ sequence: 2 }] });
  expect(await tab.restore(1)).toEqual({ type: "saved" });
  await until(first, ({ sequence }) => sequence === 3);
  expect(shown(tab)).toEqual({ animal: "cow" });
  host.forge({ sequence: 3, hash: "forged", payload: {}, sizeBytes: 1 });
  expect(await tab.sync()).toMatchObject({ type: "host-misbehaves" });
  await tab.decide("look");
  expect(tab.snapshot().look).toEqual({ type: "unreadable" });
  expect(await tab.decide("keep-mine")).toEqual({ type: "saved" });
});

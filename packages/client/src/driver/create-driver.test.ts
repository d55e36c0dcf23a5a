import { expect, test } from "vitest";
import { createEngine, newDeviceRecord, protocol3Rules } from "../engine/index.ts";
import type {
  ContentFormat,
  DeviceRecord,
  FetchOutcome,
  SealedRevision,
  SyncEvent,
} from "../engine/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { SyncAccount } from "../ports/sync-account.ts";
import { createDriver } from "./create-driver.ts";

/** Words that only grow: the simplest content there is. */
const words: ContentFormat<string> = {
  empty: "",
  equal: (one, other) => one === other,
  merge: (_, ours, theirs) => union(ours, theirs),
  reconcile: union,
  grow: (_, after) => after,
  conflictCount: () => 0,
};

function union(one: string, other: string): string {
  return [...new Set([...one.split(" "), ...other.split(" ")])]
    .filter((word) => word !== "")
    .toSorted()
    .join(" ");
}

/** A host that keeps one revision, in the clear. */
function createHost() {
  let head: SealedRevision | null = null;
  const asked: string[] = [];
  const account: SyncAccount<string> = {
    rules: protocol3Rules,
    keyId: "keys",
    fetchHead: async () => {
      asked.push("fetch-head");
      const outcome: FetchOutcome =
        head === null ? { type: "empty" } : { type: "head", head: { revision: head } };
      return await Promise.resolve(outcome);
    },
    open: async ({ revision }) =>
      await Promise.resolve({
        type: "opened",
        content: revision.payload["words"] ?? "",
        line: [],
        epoch: 0,
      }),
    seal: async ({ content, sequence }) =>
      await Promise.resolve({
        sequence,
        hash: `${String(sequence)}:${content}`,
        payload: { words: content },
        sizeBytes: content.length,
      }),
    push: async (revision) => {
      asked.push("push");
      if (revision.sequence !== (head?.sequence ?? 0) + 1) return { type: "conflict" };
      head = revision;
      return await Promise.resolve({ type: "accepted" });
    },
    changePassword: async () => await Promise.resolve({ type: "unknown" }),
    forgetKeys: () => {
      asked.push("forget-keys");
    },
  };
  return { account, asked, head: () => head };
}

const never: Clock = {
  nowMs: () => 0,
  sleep: async (_, signal) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    signal?.addEventListener("abort", () => {
      resolve(undefined);
    });
    await promise;
  },
};

function createDevice(save?: () => Promise<{ readonly type: "saved" }>) {
  const saves: DeviceRecord<string>[] = [];
  const events: SyncEvent<string>["type"][] = [];
  const defects: unknown[] = [];
  const engine = createEngine({ format: words, rules: protocol3Rules });
  const driver = createDriver({
    engine,
    state: engine.start(newDeviceRecord("", "")),
    store: {
      save: async (record) => {
        saves.push(record);
        return await (save?.() ?? Promise.resolve({ type: "saved" as const }));
      },
    },
    clock: never,
    randomBytes: (length) => new Uint8Array(length),
    onStep: ({ event }) => events.push(event.type),
    onDefect: (error) => defects.push(error),
  });
  return { driver, saves, events, defects };
}

test("[SYNC-2] an edit goes to the disk, then to the host, and then there is silence", async () => {
  const host = createHost();
  const { driver, saves, events } = createDevice();
  driver.dispatch({ type: "edited", editId: 1, content: "cow" });
  await driver.whenQuiet();
  expect(saves.at(-1)?.local).toBe("cow");
  expect(host.asked).toEqual([]);

  driver.unlock(host.account);
  await driver.whenQuiet();
  expect(host.head()?.payload).toEqual({ words: "cow" });
  expect(driver.state().differs).toBe(false);
  expect(saves.findIndex(({ inFlight }) => inFlight !== null)).toBeGreaterThan(-1);
  expect(events.indexOf("saved", events.indexOf("sealed"))).toBeLessThan(events.indexOf("pushed"));
  driver.stop();
});

test("[SYNC-7] two devices that edited apart end with the words of both", async () => {
  const host = createHost();
  const [one, two] = [createDevice(), createDevice()];
  one.driver.dispatch({ type: "edited", editId: 1, content: "cow" });
  two.driver.dispatch({ type: "edited", editId: 1, content: "horse" });
  one.driver.unlock(host.account);
  await one.driver.whenQuiet();
  two.driver.unlock(host.account);
  await two.driver.whenQuiet();
  one.driver.dispatch({ type: "noticed", sequence: host.head()?.sequence ?? 0 });
  await one.driver.whenQuiet();
  for (const { driver } of [one, two]) expect(driver.state().view).toBe("cow horse");
  expect(host.head()?.sequence).toBe(2);
});

test("one way only: a pull holds back what is to be pushed, a push leaves what is to be pulled", async () => {
  const host = createHost();
  const [one, two] = [createDevice(), createDevice()];
  one.driver.dispatch({ type: "edited", editId: 1, content: "cow" });
  one.driver.dispatch({ type: "sync-wanted", direction: "pull" });
  one.driver.unlock(host.account);
  await one.driver.whenQuiet();
  expect(host.asked).toEqual(["fetch-head"]);
  expect(one.driver.state().differs).toBe(true);

  two.driver.dispatch({ type: "edited", editId: 1, content: "horse" });
  two.driver.unlock(host.account);
  await two.driver.whenQuiet();
  one.driver.dispatch({ type: "sync-wanted", direction: "push" });
  await one.driver.whenQuiet();
  expect(one.driver.state()).toMatchObject({ overtakenBy: 1, view: "cow" });
  expect(host.head()?.sequence).toBe(1);

  one.driver.dispatch({ type: "sync-wanted" });
  await one.driver.whenQuiet();
  expect(host.head()?.payload).toEqual({ words: "cow horse" });
});

test("[SYNC-40] effects are begun in their order, and no event is handed in while a step is being taken", async () => {
  const host = createHost();
  const saves: string[] = [];
  const order: string[] = [];
  const engine = createEngine({ format: words, rules: protocol3Rules });
  let depth = 0;
  const driver = createDriver({
    engine: {
      start: engine.start,
      step: (state, event) => {
        depth += 1;
        order.push(`${event.type} at depth ${String(depth)}`);
        const step = engine.step(state, event);
        depth -= 1;
        return step;
      },
    },
    state: engine.start(newDeviceRecord("", "")),
    store: {
      save: async ({ local }) => {
        saves.push(local);
        return await Promise.resolve({ type: "saved" });
      },
    },
    clock: never,
    randomBytes: (length) => new Uint8Array(length),
    // An app that edits as soon as it hears of something: its edit waits for the step to end.
    onStep: ({ event }) => {
      if (event.type === "edited" && event.editId === 1)
        driver.dispatch({ type: "edited", editId: 2, content: "cow horse" });
    },
    onDefect: () => undefined,
  });
  driver.dispatch({ type: "edited", editId: 1, content: "cow" });
  driver.unlock(host.account);
  await driver.whenQuiet();
  expect(order.slice(0, 2)).toEqual(["edited at depth 1", "edited at depth 1"]);
  expect(order.every((line) => line.endsWith("depth 1"))).toBe(true);
  expect(saves[0]).toBe("cow");
  expect(host.head()?.payload).toEqual({ words: "cow horse" });
  driver.stop();
});

test("[SYNC-40] after a stop answers that were under way count for nothing", async () => {
  const gate = Promise.withResolvers<{ readonly type: "saved" }>();
  const { driver, events } = createDevice(async () => await gate.promise);
  driver.dispatch({ type: "edited", editId: 1, content: "cow" });
  driver.stop();
  gate.resolve({ type: "saved" });
  await driver.whenQuiet();
  expect(events).toEqual(["edited"]);
});

test("a port that breaks its promise stops the driver, and whoever waits is told", async () => {
  const failure = new Error("the disk is gone");
  const { driver, defects, saves } = createDevice(async () => await Promise.reject(failure));
  driver.dispatch({ type: "edited", editId: 1, content: "cow" });
  await driver.whenQuiet();
  expect(defects).toEqual([failure]);
  driver.dispatch({ type: "edited", editId: 2, content: "cow horse" });
  await driver.whenQuiet();
  expect(saves).toHaveLength(1);
});

import { PlayedDevice, headOf, openedAs, wordsFormat } from "@holdfast/testing";
import { expect, test } from "vitest";
import { createEngine, newDeviceRecord, protocol3Rules, protocol4Rules } from "./index.ts";
import type { RevisionRef } from "./index.ts";

const engine = createEngine({ format: wordsFormat, rules: protocol3Rules });
const one: RevisionRef = { sequence: 1, hash: "one" };
const record = { ...newDeviceRecord("", "a"), synced: { ...one, content: "a" }, line: [one] };

test("[SYNC-14] refused keys are forgotten; edits survive and are merged after the next unlocking", () => {
  const device = new PlayedDevice(engine, record).unlock().fetched({ type: "unauthorized" });
  expect(device.take("forget-keys")).toBeDefined();
  expect(device.state.access.type).toBe("refused");
  device.edit("a b").unlock("new keys").fetched(headOf(2, "two"));
  expect(device.opened(openedAs("a c", [one])).record.local).toBe("a b c");
});

test("[SYNC-15] after unlocking the host is looked at first, and arrival is said also when there is no network", () => {
  const device = new PlayedDevice(engine, { ...record, local: "a b" }).unlock();
  expect(device.asked).toEqual(["fetch-head"]);
  expect(device.state.hasArrived).toBe(false);
  expect(device.fetched({ type: "unreachable" }).state.hasArrived).toBe(true);
});

test("[SYNC-17] pauses double from 1 s to 5 min and are never shorter than asked for", () => {
  const device = new PlayedDevice(engine, record).unlock();
  const waits: [number, number][] = [];
  for (let failure = 0; failure < 12; failure += 1) {
    device.fetched({ type: "unreachable" });
    for (let timer = device.take("start-timer"); ; timer = device.take("start-timer"))
      if (timer.timer === "retry") {
        waits.push([timer.leastMs, timer.mostMs]);
        break;
      }
    device.tell({ type: "timer-rang", timer: "retry" });
  }
  expect(waits.slice(0, 3)).toEqual([
    [1000, 2000],
    [2000, 4000],
    [4000, 8000],
  ]);
  expect(waits.at(-1)).toEqual([150_000, 300_000]);
  device.fetched({ type: "busy", retryAfterMs: 1e9 });
  expect(device.take("start-timer")).toMatchObject({ leastMs: 300_000, mostMs: 300_000 });
});

test("[SYNC-18] a notice ends the pause and makes it look, and is believed in nothing else", () => {
  const device = new PlayedDevice(engine, record).unlock().fetched({ type: "unreachable" });
  device.tell({ type: "noticed", sequence: 1 });
  expect(device.asked).toEqual([]);
  device.tell({ type: "noticed", sequence: 7 });
  expect(device.asked).toEqual(["fetch-head"]);
  device.fetched(headOf(1, "one"));
  expect(device.record).toEqual(record);
});

test("[SYNC-18] it looks every few minutes anyway, and does not believe for ever that there is no network", () => {
  const device = new PlayedDevice(engine, record).unlock().fetched(headOf(1, "one"));
  device.tell({ type: "timer-rang", timer: "poll" });
  expect(device.asked).toEqual(["fetch-head"]);
  device.fetched(headOf(1, "one")).tell({ type: "went-offline" }).edit("a b").saved();
  expect(device.asked).toEqual(["edit-saved"]);
  device.tell({ type: "timer-rang", timer: "retry" });
  expect(device.asked).toContain("fetch-head");
});

test("[SYNC-23] protocol 3 pulls and pushes before it changes the password, and sends the next revision along", () => {
  const device = new PlayedDevice(engine, { ...record, local: "a b" }).unlock();
  device.fetched(headOf(1, "one")).tell({ type: "password-change-wanted" });
  device.sealed("two").saved().fetched(headOf(1, "one")).pushed({ type: "accepted" });
  const { requestId, sequence, keys } = device.take("seal");
  expect([sequence, keys]).toEqual([3, "next"]);
  const revision = { sequence: 3, hash: "three", payload: {}, sizeBytes: 10 };
  device.saved().tell({ type: "sealed", requestId, revision }).saved();
  const change = device.take("change-password");
  expect(change.revision).toEqual(revision);
  const outcome = { type: "unknown" } as const;
  device.tell({ type: "password-change-answered", requestId: change.requestId, outcome });
  expect(device.state.access.type).toBe("refused");
  device.unlock("new keys").fetched(headOf(3, "three"));
  expect([device.record.synced.sequence, device.asked.includes("change-password")]).toEqual([
    3,
    false,
  ]);
});

test("[SYNC-23] protocol 4's change carries no wallet", () => {
  const engine4 = createEngine({ format: wordsFormat, rules: protocol4Rules });
  const device = new PlayedDevice(engine4, record).unlock().fetched(headOf(1, "one"));
  device.tell({ type: "password-change-wanted" }).fetched(headOf(1, "one"));
  expect(device.take("change-password").revision).toBeNull();
});

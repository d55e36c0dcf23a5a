import { PlayedDevice, headOf, openedAs, wordsFormat } from "@holdfast/testing";
import { expect, test } from "vitest";
import { createEngine, newDeviceRecord, protocol3Rules } from "./index.ts";
import { descentFrom, extendLine } from "./line.ts";
import type { FirstSync, RevisionRef } from "./index.ts";

const engine = createEngine({ format: wordsFormat, rules: protocol3Rules });
const one: RevisionRef = { sequence: 1, hash: "one" };
const record = { ...newDeviceRecord("", "a"), synced: { ...one, content: "a" }, line: [one] };

test("[SYNC-8] a newer revision becomes the base and the merge goes on top, in one record", () => {
  const device = new PlayedDevice(engine, record).edit("a b").unlock().fetched(headOf(2, "two"));
  device.opened(openedAs("c", [one]));
  expect(device.record).toMatchObject({
    synced: { sequence: 2, hash: "two", content: "c" },
    local: "b c",
    inFlight: null,
  });
});

test("[SYNC-8] a still newer one merges anew with that base", () => {
  const device = new PlayedDevice(engine, record).edit("a b").unlock().fetched(headOf(2, "two"));
  device.tell({ type: "noticed", sequence: 3 }).opened(openedAs("a c", [one]));
  device.fetched(headOf(3, "three")).opened(openedAs("a", [one, { sequence: 2, hash: "two" }]));
  expect(device.record.local).toBe("a b");
});

test("[SYNC-11] a line knows what it holds, what contradicts it, and where it is silent; it keeps its root", () => {
  const line = Array.from({ length: 300 }, (_, at) => ({
    sequence: at + 1,
    hash: `h${String(at)}`,
  }));
  const kept = extendLine([], ...line);
  expect(kept).toHaveLength(256);
  expect(descentFrom(kept, { sequence: 300, hash: "h299" })).toBe("contains");
  expect(descentFrom(kept, { sequence: 1, hash: "another" })).toBe("contradicts");
  expect(descentFrom(kept, { sequence: 30, hash: "h29" })).toBe("unknown");
});

test("[SYNC-11] a newer revision that contradicts ours is a fork, one that is silent is not", () => {
  const device = new PlayedDevice(engine, record).unlock().fetched(headOf(2, "two"));
  device.opened(openedAs("b", [{ sequence: 1, hash: "another" }]));
  expect(device.record.problem?.name).toBe("forked");
  expect(device.record.local).toBe("a");
  const silent = new PlayedDevice(engine, record).unlock().fetched(headOf(2, "two"));
  expect(silent.opened(openedAs("b")).record.local).toBe("b");
});

test("[SYNC-11] a newer revision of our own line is an ancestor: ours goes on top", () => {
  const ours = { ...record, local: "a b", line: [one, { sequence: 2, hash: "two" }] };
  const device = new PlayedDevice(engine, ours).unlock().fetched(headOf(2, "two"));
  device.opened(openedAs("a x", [one]));
  expect(device.record).toMatchObject({ synced: { sequence: 2, content: "a x" }, local: "a b" });
});

test.each<[FirstSync, string]>([
  ["merge", "mine theirs"],
  ["keep-mine", "mine"],
  ["take-theirs", "theirs"],
])("[SYNC-16] the first time: %s", (choice, local) => {
  const device = new PlayedDevice(engine, newDeviceRecord("", "mine"))
    .tell({ type: "first-sync-chosen", choice })
    .unlock()
    .fetched(headOf(5, "five"))
    .opened(openedAs("theirs"));
  expect(device.record.local).toBe(local);
});

test("[SYNC-24] late, repeated and unasked answers change nothing", () => {
  const device = new PlayedDevice(engine, record).unlock();
  const { requestId } = device.take("fetch-head");
  const answer = { type: "fetched", requestId, outcome: headOf(1, "one") } as const;
  device.tell(answer);
  const { state } = device;
  device.tell(answer).tell({ ...answer, requestId: 77 });
  device.tell({ type: "opened", requestId, outcome: openedAs("x") });
  device.tell({ type: "pushed", requestId, outcome: { type: "accepted" } });
  device.tell({ type: "saved", requestId });
  expect(device.state).toEqual(state);
  expect(device.asked).toEqual([]);
});

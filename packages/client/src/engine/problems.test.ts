import { PlayedDevice, headOf, openedAs, wordsFormat } from "@holdfast/testing";
import { expect, test } from "vitest";
import { createEngine, newDeviceRecord, protocol3Rules, protocol4Rules } from "./index.ts";
import type { Decision, DeviceRecord, OpenOutcome, RevisionRef } from "./index.ts";

const engine = createEngine({ format: wordsFormat, rules: protocol3Rules });
const engine4 = createEngine({ format: wordsFormat, rules: protocol4Rules });
const one: RevisionRef = { sequence: 1, hash: "one" };
const five: RevisionRef = { sequence: 5, hash: "five" };
const record: DeviceRecord<string> = {
  ...newDeviceRecord("", "a mine"),
  synced: { ...five, content: "a" },
  line: [one, five],
  highest: 5,
  epoch: 2,
};

function decided(
  from: DeviceRecord<string>,
  decision: Decision,
  head = headOf(3, "three"),
): PlayedDevice {
  return new PlayedDevice(engine, from).unlock().tell({ type: "decided", decision }).fetched(head);
}

test.each([
  ["rolled-back", headOf(4, "four")],
  ["rolled-back", { type: "empty" } as const],
  ["forked", headOf(5, "another")],
])("[SYNC-10] %s is told before anything is opened", (name, outcome) => {
  const device = new PlayedDevice(engine, record).unlock().fetched(outcome);
  expect(device.record.problem?.name).toBe(name);
  expect([device.record.synced, device.record.local]).toEqual([record.synced, record.local]);
  expect(device.asked).toEqual(["save"]);
});

test.each<[string, OpenOutcome<string>]>([
  ["not-authentic", { type: "rejected", problem: "not-authentic" }],
  ["undecodable", { type: "rejected", problem: "undecodable" }],
  ["old-epoch", openedAs("b", [five], 1)],
  ["broken-chain", openedAs("b", [], 2)],
  ["forked", openedAs("b", [{ sequence: 5, hash: "another" }], 2)],
])("[SYNC-10] protocol 4: %s is told, and nothing of it is taken", (name, outcome) => {
  const device = new PlayedDevice(engine4, record).unlock().fetched(headOf(6, "six"));
  device.opened(outcome);
  expect(device.record.problem?.name).toBe(name);
  expect([device.record.synced, device.record.local]).toEqual([record.synced, record.local]);
});

test("[SYNC-10] a problem stops syncing, also after a restart; edits go on; an honest answer ends it", () => {
  const stopped = new PlayedDevice(engine, record).unlock().fetched(headOf(4, "four")).record;
  const device = new PlayedDevice(engine, stopped).unlock().edit("a mine more");
  device.tell({ type: "noticed", sequence: 9 }).tell({ type: "timer-rang", timer: "poll" });
  expect(device.asked).toEqual(["save"]);
  expect(device.record.local).toBe("a mine more");
  device.tell({ type: "decided", decision: "try-again" }).fetched(headOf(5, "five"));
  expect(device.record.problem).toBeNull();
});

const rolledBack = new PlayedDevice(engine, record).unlock().fetched(headOf(3, "three")).record;

test("[SYNC-12] look shows and applies nothing; keep mine keeps only keys of theirs; heal deletes nothing", () => {
  const look = decided(rolledBack, "look").opened(openedAs("theirs"));
  expect(look.state.look).toEqual({ type: "content", content: "theirs" });
  expect(look.record).toEqual(rolledBack);
  const mine = decided(rolledBack, "keep-mine").opened(openedAs("theirs key-1"));
  expect(mine.record.local).toBe("a mine retired-key-1");
  const heal = decided(rolledBack, "heal").opened(openedAs("theirs"));
  expect(heal.record).toMatchObject({ local: "a mine theirs", problem: null });
});

test("[SYNC-12] what cannot be read can be passed over in protocol 3, and never in protocol 4", () => {
  const unreadable = { type: "rejected", problem: "not-authentic" } as const;
  const passed = decided(rolledBack, "keep-mine").opened(unreadable);
  expect(passed.record).toMatchObject({ problem: null, local: "a mine" });
  const kept = new PlayedDevice(engine4, rolledBack).unlock();
  kept.tell({ type: "decided", decision: "keep-mine" }).fetched(headOf(6, "six"));
  expect(kept.opened(unreadable).record.problem?.name).toBe("not-authentic");
  expect(kept.record.synced).toEqual(record.synced);
});

test("[SYNC-12] a decision about no problem is void", () => {
  const device = new PlayedDevice(engine, record).unlock().fetched(headOf(5, "five"));
  const { state } = device;
  expect(device.tell({ type: "decided", decision: "heal" }).state).toEqual(state);
});

test("[SYNC-13] a restored host is brought up above everything that was seen", () => {
  const device = decided(rolledBack, "heal").opened(openedAs("a", [one]));
  for (let sequence = 4; sequence <= 6; sequence += 1) {
    while (device.asked.includes("save")) device.saved();
    device.sealed(`new ${String(sequence)}`);
    while (device.asked.includes("save")) device.saved();
    device.pushed({ type: "accepted" });
  }
  expect(device.record.synced.sequence).toBe(6);
  expect(device.asked).not.toContain("seal");
});

test("[SYNC-13] a sequence far above all that were seen, that nobody vouches for, is not followed", () => {
  const head = headOf(2 ** 31, "far");
  const far = decided(rolledBack, "keep-mine", head).opened({
    type: "rejected",
    problem: "not-authentic",
  });
  expect(far.record.synced).toEqual(record.synced);
  expect(far.record.problem?.name).toBe("not-authentic");
});

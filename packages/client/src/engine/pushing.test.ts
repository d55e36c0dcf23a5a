import { PlayedDevice, headOf, openedAs, wordsFormat } from "@holdfast/testing";
import { expect, test } from "vitest";
import { createEngine, newDeviceRecord, protocol3Rules } from "./index.ts";
import type { RevisionRef } from "./index.ts";

const engine = createEngine({ format: wordsFormat, rules: protocol3Rules });
const one: RevisionRef = { sequence: 1, hash: "one" };

/** A device that knows revision 1, `a`, and has just looked at the host. */
function upToDate(): PlayedDevice {
  const record = { ...newDeviceRecord("", "a"), synced: { ...one, content: "a" }, line: [one] };
  return new PlayedDevice(engine, record).unlock().fetched(headOf(1, "one"));
}

/** … and whose edit `a b` is on its way as revision 2. */
function pushing(): PlayedDevice {
  return upToDate().edit("a b").saved().sealed("two").saved();
}

test("[SYNC-2, SYNC-3] a push is sealed, then on disk, then sent; accepted, it is the base, and later edits are not in it", () => {
  const device = upToDate().edit("a b").saved();
  expect(device.take("edit-saved").editId).toBe(1);
  device.sealed("two");
  expect(device.asked).toEqual(["save"]);
  device.saved();
  expect(device.asked).toEqual(["push"]);
  device.edit("a b c").pushed({ type: "accepted" });
  expect(device.record.synced).toEqual({ sequence: 2, hash: "two", content: "a b" });
  expect(device.record.local).toBe("a b c");
});

test("[SYNC-4] no answer: the same bytes again", () => {
  const device = pushing();
  const { requestId, revision } = device.take("push");
  device.tell({ type: "pushed", requestId, outcome: { type: "unreachable" } });
  expect(device.asked).not.toContain("push");
  device.tell({ type: "timer-rang", timer: "retry" });
  expect(device.take("push").revision).toBe(revision);
});

test("[SYNC-4] a receipt for something else is told by name", () => {
  const device = pushing().pushed({ type: "accepted", stored: { sequence: 2, hash: "other" } });
  expect(device.record.problem?.name).toBe("false-receipt");
  expect(device.asked).not.toContain("push");
});

test("[SYNC-5] after a restart the host is asked first, and has it", () => {
  const device = new PlayedDevice(engine, pushing().record).unlock().fetched(headOf(2, "two"));
  expect(device.record.synced).toEqual({ sequence: 2, hash: "two", content: "a b" });
  expect(device.record.inFlight).toBeNull();
});

test("[SYNC-5] bytes under keys of old are not sent again", () => {
  const device = new PlayedDevice(engine, pushing().record).unlock("new keys");
  device.fetched(headOf(1, "one"));
  expect(device.asked).toContain("seal");
  expect(device.record.inFlight).toBeNull();
});

test.each([
  ["names the push", [one, { sequence: 2, hash: "two" }], "c"],
  ["names another in its place", [one, { sequence: 2, hash: "other" }], "b c"],
])("[SYNC-6] a line that %s tells the base", (_what, line, local) => {
  const device = pushing().pushed({ type: "conflict" }).fetched(headOf(3, "three"));
  expect(device.opened(openedAs("c", line)).record.local).toBe(local);
});

test("[SYNC-6] a silent line: nobody knows whether b was removed, so a person is asked", () => {
  const device = pushing().pushed({ type: "conflict" }).fetched(headOf(3, "three"));
  expect(device.opened(openedAs("c")).record.local).toBe("?b b c");
});

test("[SYNC-6] a push that was called too large and is on the host all the same is the base", () => {
  const device = pushing().pushed({ type: "too-large" }).tell({ type: "noticed", sequence: 3 });
  device.fetched(headOf(3, "three"));
  device.opened(openedAs("c", [one, { sequence: 2, hash: "two" }]));
  expect(device.record.local).toBe("c");
});

test("[SYNC-7] nothing is pushed that means the same, and after a refusal the host is asked before anything is sent", () => {
  expect(upToDate().edit("a").saved().asked).toEqual(["edit-saved"]);
  const device = pushing().pushed({ type: "conflict" });
  expect(device.asked).toContain("fetch-head");
  expect(device.asked).not.toContain("push");
  device.fetched(headOf(1, "one"));
  expect(device.asked).not.toContain("push");
});

test("[SYNC-19] too large: nothing is sent until it is smaller, or the person wants another try", () => {
  const device = pushing().pushed({ type: "too-large" });
  expect(device.state.tooLarge).toEqual({ content: "a b", sizeBytes: 10 });
  expect(device.asked).not.toContain("seal");
  device.edit("a b c").sealed("larger", 12);
  expect(device.asked).not.toContain("push");
  device.edit("c").sealed("smaller", 3).saved().saved();
  expect(device.asked).toContain("push");
  const again = pushing().pushed({ type: "too-large" }).tell({ type: "sync-wanted" });
  expect(again.fetched(headOf(1, "one")).asked).toContain("seal");
});

test("[SYNC-22] after five pushes without an edit it stops, and an edit goes on", () => {
  const neverAgrees = createEngine({
    format: { ...wordsFormat, equal: () => false },
    rules: protocol3Rules,
  });
  const device = new PlayedDevice(neverAgrees, upToDate().record).unlock();
  device.fetched(headOf(1, "one"));
  let pushes = 0;
  for (; device.asked.includes("seal"); pushes += 1) {
    device.sealed(`push ${String(pushes)}`);
    while (device.asked.includes("save")) device.saved();
    device.pushed({ type: "accepted" });
  }
  expect(pushes).toBe(5);
  expect(device.edit("a b").asked).toContain("seal");
});

test("[SYNC-26] pull takes and sends nothing; push leaves alone what is newer and says so", () => {
  const pull = upToDate().tell({ type: "sync-wanted", direction: "pull" });
  pull.fetched(headOf(1, "one")).edit("a b");
  expect(pull.asked).not.toContain("seal");
  const push = upToDate().tell({ type: "sync-wanted", direction: "push" });
  push.fetched(headOf(2, "two")).opened(openedAs("c", [one]));
  expect([push.record.local, push.record.synced.sequence, push.state.overtakenBy]).toEqual([
    "a",
    1,
    2,
  ]);
});

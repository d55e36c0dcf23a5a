import { PlayedDevice, headOf, openedAs, wordsFormat } from "@holdfast/testing";
import { expect, test } from "vitest";
import { createEngine, newDeviceRecord, protocol3Rules } from "./index.ts";

const engine = createEngine({ format: wordsFormat, rules: protocol3Rules });
const synced = { ...newDeviceRecord("", "a"), synced: { sequence: 1, hash: "one", content: "a" } };

test("[SYNC-1] an edit waits for no network, and is said to be saved when it is on disk", () => {
  const device = new PlayedDevice(engine, newDeviceRecord("", "")).edit("a");
  expect(device.record.local).toBe("a");
  expect(device.asked).toEqual(["save"]);
  device.saved();
  expect(device.asked).toEqual(["edit-saved"]);
});

test("[SYNC-2] what came from elsewhere is shown when it is on disk, own edits at once", () => {
  const device = new PlayedDevice(engine, synced).unlock().fetched(headOf(2, "two"));
  device.opened(openedAs("a b", [synced.synced]));
  expect([device.record.local, device.state.view]).toEqual(["a b", "a"]);
  device.saved();
  expect(device.state.view).toBe("a b");
  expect(device.edit("a b c").state.view).toBe("a b c");
});

test("[SYNC-9] an edit made on an older view is merged with what came meanwhile", () => {
  const device = new PlayedDevice(engine, synced).unlock().fetched(headOf(2, "two"));
  device.opened(openedAs("b", [synced.synced]));
  device.edit("a c");
  expect(device.record.local).toBe("b c");
  device.tell({ type: "edited", editId: 2, content: "a d", from: "a" });
  expect(device.record.local).toBe("b c d");
});

test("[SYNC-21] a key that an edit drops is retired, and so is one that a first choice would drop", () => {
  const device = new PlayedDevice(engine, newDeviceRecord("", "key-1")).edit("a");
  expect(device.record.local).toBe("a retired-key-1");
  const chosen = new PlayedDevice(engine, newDeviceRecord("", "key-2"))
    .tell({ type: "first-sync-chosen", choice: "take-theirs" })
    .unlock()
    .fetched(headOf(3, "three"))
    .opened(openedAs("b"));
  expect(chosen.record.local).toBe("b retired-key-2");
});

test("[SYNC-27] what becomes another account's keeps its content, and forgets what it shared with the first", () => {
  const open = new PlayedDevice(engine, synced).unlock();
  expect(open.tell({ type: "taken-over" }).record).toBe(synced);
  const device = new PlayedDevice(engine, synced).edit("a b").tell({ type: "taken-over" });
  expect(device.record).toEqual(newDeviceRecord("", "a b"));
  device.saved().unlock().fetched(headOf(7, "other")).opened(openedAs("c"));
  expect(device.record.local.split(" ").toSorted()).toEqual(["a", "b", "c"]);
});

test("[SYNC-25] a full disk is told, the edit stays, and the newest record is written later", () => {
  const device = new PlayedDevice(engine, newDeviceRecord("", "")).edit("a", 1).edit("a b", 2);
  expect(device.asked).toEqual(["save"]);
  const { requestId } = device.take("save");
  device.tell({ type: "save-failed", requestId, reason: "disk-full" });
  expect(device.asked).toEqual(["edit-not-saved", "edit-not-saved"]);
  expect(device.take("start-timer")).toMatchObject({ timer: "save-again", leastMs: 1000 });
  device.tell({ type: "timer-rang", timer: "save-again" });
  expect(device.take("save").record.local).toBe("a b");
});

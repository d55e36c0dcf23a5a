import { PlayedDevice, headOf, openedAs, wordsFormat } from "@holdfast/testing";
import { expect, test } from "vitest";
import {
  beginAnew,
  continueRecord,
  createEngine,
  newDeviceRecord,
  protocol4Rules,
} from "./index.ts";
import type { RevisionRef } from "./index.ts";

const engine = createEngine({ format: wordsFormat, rules: protocol4Rules });
const inFlight = {
  revision: { sequence: 2, hash: "two", payload: {}, sizeBytes: 1 },
  content: "a b",
  keyId: "k",
  via: "push",
} as const;
/** Pushed `a b` and heard no answer, then removed `b` and added `c`. */
const record = {
  ...newDeviceRecord("", "a c"),
  synced: { sequence: 1, hash: "one", content: "a" },
  inFlight,
};

/** What becomes of it when the upgraded wallet says `theirs` and continues `from`. */
function joined(from: RevisionRef, theirs: string): string {
  const continued = continueRecord(record, "", from);
  if (continued.type !== "continued") throw new Error(continued.type);
  const device = new PlayedDevice(engine, continued.record).unlock().fetched(headOf(1, "new"));
  return device.opened(openedAs(theirs)).record.local;
}

test("[P4K-65] a push whose fate the upgrade tells is the base or is not", () => {
  expect(joined({ sequence: 2, hash: "two" }, "a b")).toBe("a c");
  expect(joined({ sequence: 2, hash: "another" }, "a b")).toBe("a b c");
});

test("[P4K-65] where the upgrade came after a push of unknown fate, a person is asked and nothing is guessed", () => {
  expect(joined({ sequence: 3, hash: "three" }, "a b")).toBe("?b a b c");
});

test("[P4K-65] a record that was continued keeps its base however often its device dies before it speaks protocol 4", () => {
  const continued = continueRecord(record, "", { sequence: 3, hash: "three" });
  if (continued.type !== "continued") throw new Error(continued.type);
  const edited = { ...beginAnew(continued.record, ""), local: "c" };
  const again = continueRecord(edited, "", { sequence: 3, hash: "three" });
  if (again.type !== "continued") throw new Error(again.type);
  expect(again.record).toEqual({ ...continued.record, local: "c" });
  expect(beginAnew(record, "")).toEqual(newDeviceRecord("", "a c"));
});

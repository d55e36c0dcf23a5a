import { createJsonFormat, parseJson } from "@holdfast/wallet/json";
import type { JsonValue } from "@holdfast/wallet/json";
import type { Content } from "@holdfast/wallet/merge";
import { expect, test } from "vitest";
import { createEngine, newDeviceRecord, protocol3Rules } from "../engine/index.ts";
import { contentFormatOf } from "./content-format.ts";

const wallet = createJsonFormat();
const format = contentFormatOf(wallet);

function content(text: string): Content<JsonValue> {
  return wallet.contentOf(parseJson(text));
}

test("[MERGE-2] a wallet format is all the engine needs to merge an edit into what came meanwhile", () => {
  const engine = createEngine({ format, rules: protocol3Rules });
  const start = content('{"a": 1, "b": 1}');
  const state = engine.start(newDeviceRecord(format.empty, start));
  const edit = (value: string) =>
    ({ type: "edited", content: content(value), from: start }) as const;
  const once = engine.step(state, { ...edit('{"a": 2, "b": 1}'), editId: 1 }).state;
  const twice = engine.step(once, { ...edit('{"a": 1, "b": 2}'), editId: 2 }).state;
  expect(format.equal(twice.record.local, content('{"a": 2, "b": 2}'))).toBe(true);
  const disputed = engine.step(twice, { ...edit('{"a": 3, "b": 1}'), editId: 3 }).state;
  expect(format.conflictCount(disputed.record.local)).toBe(1);
});

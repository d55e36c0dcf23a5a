import { expect, test } from "vitest";
import { newDeviceRecord } from "../engine/index.ts";
import type { DeviceRecord } from "../engine/index.ts";
import { formatState, parseState } from "./state-codec.ts";

type Note = { readonly text: string };

const notes = {
  serialize: ({ text }: Note) => text,
  parse: (text: string): Note => {
    if (text === "unreadable") throw new Error("this note is damaged");
    return { text };
  },
  reparse: (text: string): Note => ({ text }),
};

const pushed: Note = { text: "pushed" };
const record: DeviceRecord<Note> = {
  ...newDeviceRecord<Note>({ text: "" }, pushed),
  synced: { sequence: 3, hash: "three", content: { text: "before" } },
  inFlight: {
    revision: { sequence: 4, hash: "four", payload: { hmac: "00" }, sizeBytes: 9 },
    content: pushed,
    keyId: "salt",
    via: "push",
  },
  givenUp: [{ sequence: 4, hash: "refused", content: { text: "too large" } }],
  line: [{ sequence: 3, hash: "three" }],
  epoch: 2,
  highest: 3,
  problem: {
    name: "forked",
    ours: { sequence: 3, hash: "three" },
    theirs: { sequence: 3, hash: "other" },
  },
  firstSync: "keep-mine",
};
const state = { record, owner: { id: "device", name: "joe" }, peers: new Map([["file", pushed]]) };

test("[SYNC-1] what a device remembers is read back as it was written, a content shared by several places being one again", () => {
  const read = parseState(formatState(state, notes), notes);
  expect(read).toEqual({ type: "state", state });
  if (read.type !== "state") return;
  expect(read.state.record.local).toBe(read.state.record.inFlight?.content);
  expect(read.state.record.local).toBe(read.state.peers.get("file"));
});

test("[P3C-52] what is as it was written is not looked into again, everything else is", () => {
  const written = formatState(state, notes);
  const looked: string[] = [];
  const watching = {
    ...notes,
    parse: (text: string): Note => {
      looked.push(text);
      return notes.parse(text);
    },
  };
  expect(parseState(written, watching)).toEqual({ type: "state", state });
  expect(looked).toEqual([]);
  parseState(written.replace('"before"', '"another"'), watching);
  expect(looked).toEqual(["another"]);
  const { sums: _, ...older } = JSON.parse(written) as Record<string, unknown>;
  expect(parseState(JSON.stringify(older), watching)).toEqual({ type: "state", state });
  expect(looked.length).toBeGreaterThan(2);
});

test.each([
  ["text that was cut off", (text: string) => text.slice(0, -2), "it is not JSON"],
  [
    "one of a newer version",
    (text: string) => text.replace('"version":1', '"version":2'),
    "a newer version of Holdfast wrote it",
  ],
  [
    "one without a field",
    (text: string) => text.replace('"local":', '"locale":'),
    "its record.local is wrong",
  ],
  [
    "a place that is not there",
    (text: string) => text.replace('"local":1', '"local":7'),
    "it names a wallet that is not there",
  ],
  [
    "a content that cannot be read",
    (text: string) => text.replace('"before"', '"unreadable"'),
    "this note is damaged",
  ],
])("[SYNC-1] %s is damage, named", (_what, damage, detail) => {
  expect(parseState(damage(formatState(state, notes)), notes)).toMatchObject({
    type: "damaged",
    detail,
    isNewer: detail.includes("newer"),
  });
});

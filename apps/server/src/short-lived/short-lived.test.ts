import { limits4 } from "@holdfast/protocol/protocol-4";
import { expect, test } from "vitest";
import { createShortLived } from "./short-lived.ts";

function create() {
  let made = 0;
  let nowMs = 0;
  const randomBytes = (length: number) => {
    made += 1;
    return new Uint8Array(length).fill(made).map((byte, at) => (at === 0 ? made >> 8 : byte));
  };
  const ownerOf = ({ owner }: { owner: string }) => owner;
  const kept = createShortLived<{ owner: string }>({
    lifetimeMs: 1000,
    clock: () => nowMs,
    randomBytes,
    ownerOf,
  });
  return { kept, wait: (ms: number) => (nowMs += ms) };
}

test("[P4-43] what one session begins pushes out its own oldest, and nobody else's", () => {
  const { kept } = create();
  const bobs = kept.add({ owner: "bob" }).handle;
  const anns = Array.from(
    { length: limits4.begunPerOwner },
    () => kept.add({ owner: "ann" }).handle,
  );
  expect(anns.every((handle) => kept.find(handle) !== undefined)).toBe(true);
  for (let more = 0; more < 500; more += 1) kept.add({ owner: "ann" });
  expect(anns.filter((handle) => kept.find(handle) !== undefined)).toEqual([]);
  expect(kept.find(bobs)).toEqual({ owner: "bob" });
});

test("[P4-43] what was taken or has run out makes room", () => {
  const { kept, wait } = create();
  const first = kept.add({ owner: "ann" }).handle;
  for (let more = 0; more < 1000; more += 1) kept.take(kept.add({ owner: "ann" }).handle);
  expect(kept.find(first)).toEqual({ owner: "ann" });
  wait(1000);
  expect(kept.find(first)).toBeUndefined();
});

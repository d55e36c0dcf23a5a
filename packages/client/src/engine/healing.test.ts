import { expect, test } from "vitest";
import { extendKept, type KeptHeaders, lackOfHeaders, lackOfStates } from "./healing.ts";

type Header = { readonly hash: string; readonly parent: string };

/** Headers `a1`, `a2`, …, each after the one before. */
function chain(from: number, to: number, name = "a"): Header[] {
  const headers: Header[] = [];
  for (let at = from; at <= to; at += 1)
    headers.push({ hash: name + String(at), parent: at === 1 ? "" : name + String(at - 1) });
  return headers;
}

const names = {
  hashOf: ({ hash }: Header): string => hash,
  parentOf: ({ parent }: Header): string => parent,
};
const kept: KeptHeaders<Header> = { first: 3, headers: chain(3, 6) };
const ours = { sequence: 6, hash: "a6" };

function lackOf(sequence: number, hash: string, most = 100) {
  return lackOfHeaders(kept, names, ours, { sequence, hash }, most);
}

test("[P4K-59] a host lacks what comes after its own head, and nothing is put in the place of what it has", () => {
  expect(lackOf(4, "a4")).toEqual({ type: "lacks", headers: chain(5, 6) });
  expect(lackOf(2, "a2")).toEqual({ type: "lacks", headers: chain(3, 6) });
  expect(lackOf(6, "a6")).toEqual({ type: "nothing" });
  expect(lackOf(7, "b7")).toEqual({ type: "nothing" });
  for (const [sequence, hash] of [
    [4, "b4"],
    [6, "b6"],
  ] as const)
    expect(lackOf(sequence, hash)).toEqual({ type: "forked" });
});

test("[P4K-59] a device that does not keep all of it says so", () => {
  expect(lackOf(1, "a1")).toEqual({ type: "not-here" });
  expect(lackOf(0, "")).toEqual({ type: "not-here" });
  expect(lackOf(3, "a3", 2)).toEqual({ type: "not-here" });
  const older = { first: 3, headers: chain(3, 5) };
  const theirs = { sequence: 4, hash: "a4" };
  expect(lackOfHeaders(older, names, ours, theirs, 100).type).toBe("not-here");
});

test("[P4K-59] what is kept is one piece: what does not connect to it takes its place", () => {
  expect(extendKept(kept, names, 7, chain(7, 8))).toEqual({ first: 3, headers: chain(3, 8) });
  const [, ...other] = chain(4, 6, "b");
  expect(extendKept(kept, names, 5, other)).toEqual({ first: 5, headers: other });
  const branch = [{ hash: "b5", parent: "a4" }];
  expect(extendKept(kept, names, 5, branch)).toEqual({
    first: 3,
    headers: [...chain(3, 4), ...branch],
  });
  expect(extendKept(kept, names, 9, chain(9, 9))).toEqual({ first: 9, headers: chain(9, 9) });
});

test("[P4K-59] of states a host lacks the end, or has another history", () => {
  expect(lackOfStates(["a", "b", "c"], ["a"])).toBe("lacks");
  expect(lackOfStates(["a", "b"], ["a", "b", "c"])).toBe("nothing");
  expect(lackOfStates(["a", "b"], ["a", "x"])).toBe("forked");
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashText } from "../hash/hash.ts";
import { type ChainLink, compareChain } from "./compare-chain.ts";

/** A chain of this many links; `seed` makes another history. */
function chain(length: number, seed = "a", shared = 0): readonly ChainLink[] {
  const links: ChainLink[] = [];
  for (let position = 1; position <= length; position += 1) {
    const hash = hashText(`${position <= shared ? "a" : seed}${position}`);
    links.push({ position, hash, parent: links.at(-1)?.hash });
  }
  return links;
}

function positions(links: readonly ChainLink[]): readonly number[] {
  return links.map(({ position }) => position);
}

const lengths = fc.record({
  total: fc.integer({ min: 1, max: 12 }),
  known: fc.integer({ min: 1, max: 12 }),
  from: fc.integer({ min: 1, max: 12 }),
});

describe("comparing a received chain with what is remembered", () => {
  it("[P4C-34] [P4C-56] any stretch of the true chain connects, lags behind or leaves a gap, and never looks like a fork", () => {
    fc.assert(
      fc.property(lengths, ({ total, known, from }) => {
        const whole = chain(12);
        const remembered = whole[known - 1]!;
        const received = whole.slice(0, total).slice(from - 1);
        const newest = received.at(-1)?.position ?? 0;
        const connected = { type: "connected", fresh: whole.slice(known, total) };
        const gap = { type: "missing-link", position: known + 1 };
        const behind = { type: "rollback", remembered: known, received: newest };
        const expected = newest < known ? behind : from > known + 1 ? gap : connected;
        expect(compareChain(remembered, received)).toEqual(expected);
      }),
    );
  });

  it("[P4C-34] [P4C-56] another history is a fork at the first position that can be compared", () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 0, max: 11 }), ({ total, known, from }, shared) => {
        fc.pre(shared < known && total >= known && from <= known + 1 && from <= total);
        const remembered = chain(12)[known - 1]!;
        const received = chain(total, "b", shared).slice(from - 1);
        const position = from <= known ? known : known + 1;
        expect(compareChain(remembered, received)).toEqual({ type: "fork", position });
      }),
    );
  });

  it("[P4C-34] [P4C-56] a gap or a wrong parent inside what was received is a missing link", () => {
    const links = chain(6);
    const remembered = links[1]!;
    const without = links.filter(({ position }) => position !== 4);
    expect(compareChain(remembered, without)).toEqual({ type: "missing-link", position: 5 });
    const spliced = [...links.slice(0, 3), ...chain(6, "b").slice(3)];
    expect(compareChain(remembered, spliced)).toEqual({ type: "missing-link", position: 4 });
    const twice = [...links, links[5]!];
    expect(compareChain(remembered, twice)).toEqual({ type: "missing-link", position: 6 });
  });

  it("[P4C-34] [P4C-56] without memory everything received is fresh", () => {
    const links = chain(5);
    expect(compareChain(undefined, links)).toEqual({ type: "connected", fresh: links });
    expect(compareChain(undefined, links.slice(2))).toMatchObject({ type: "connected" });
    expect(compareChain(undefined, [])).toEqual({ type: "connected", fresh: [] });
    expect(positions(links)).toEqual([1, 2, 3, 4, 5]);
  });
});

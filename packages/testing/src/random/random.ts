import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A source of choices that can be repeated. */
export type Random = {
  /** An integer from 0 to `limit` - 1. */
  readonly below: (limit: number) => number;
  /** True with this probability; a shrunk run says false. */
  readonly chance: (probability: number) => boolean;
  /** One of the list; throws when it is empty. */
  readonly pick: <Item>(list: readonly Item[]) => Item;
  /** An integer from `least` to `most`. */
  readonly between: (least: number, most: number) => number;
};

/** The same choices for the same seed, on every machine. */
export function createSeededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  for (let skipped = 0; skipped < 20; skipped += 1) generator.next();
  return fromUint32(() => generator.next() >>> 0);
}

const twoTo32 = 2 ** 32;

function fromUint32(next: () => number): Random {
  const below = (limit: number): number => Math.floor((next() / twoTo32) * limit);
  return {
    below,
    chance: (probability) => probability > 0 && next() / twoTo32 >= 1 - probability,
    pick: (list) => {
      const item = list[below(list.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
    between: (least, most) => least + below(most - least + 1),
  };
}

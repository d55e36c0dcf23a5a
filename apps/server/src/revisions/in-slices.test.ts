import { expect, test } from "vitest";
import { findWrong } from "./in-slices.ts";

test("[P4-59] a long list is checked in slices, between which everything else gets its turn", async () => {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  const turnsSeen = new Set<number>();
  const numbers = Array.from({ length: 80 }, (_, number) => number);
  const isRight = (number: number): boolean => {
    turnsSeen.add(turns);
    return number !== 70;
  };
  expect(await findWrong(numbers, isRight)).toBe(70);
  expect(turnsSeen.size).toBeGreaterThanOrEqual(8);
  expect(await findWrong(numbers.slice(0, 70), isRight)).toBeUndefined();
  clearImmediate(next);
});

test("[P4-59] many lists are checked one after the other, and too many are refused", async () => {
  let open = 0;
  const check = async () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const outcome = await findWrong(items, (item) => {
      if (item === 1) open += 1;
      expect(open).toBe(1);
      if (item === 9) open -= 1;
      return true;
    });
    return outcome === undefined;
  };
  const checks = await Promise.allSettled(Array.from({ length: 40 }, check));
  expect(checks.filter(({ status }) => status === "fulfilled")).toHaveLength(33);
  const refused = checks.find(({ status }) => status === "rejected");
  expect(refused).toMatchObject({ reason: { code: "store-busy" } });
});

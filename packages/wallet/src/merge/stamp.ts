/** Time stamps and other numbers that only grow: whole seconds as a rule, but any JSON number is understood. */
import { canonicalText } from "./canonical-text.ts";
import type { Slot } from "./value-comparison.ts";

export function isNumber(slot: Slot): slot is bigint | number {
  return typeof slot === "bigint" || typeof slot === "number";
}

/** Positive if `one` is later; what is no number is the earliest of all. */
export function compareStamps(one: Slot, other: Slot): number {
  const left = magnitude(one);
  const right = magnitude(other);
  // Integers and floats compare by value; they are never strictly equal.
  return left > right ? 1 : left < right ? -1 : 0;
}

/** The larger of two numbers; of equal ones like 1 and 1.0, the one with the larger text. */
export function largerNumber(one: bigint | number, other: bigint | number): bigint | number {
  const lead = compareStamps(one, other);
  if (lead !== 0) return lead > 0 ? one : other;
  return canonicalText(one) > canonicalText(other) ? one : other;
}

/** One second later than the later of both, in whole seconds; undefined if neither is a number. */
export function laterStamp(one: Slot, other: Slot): bigint | number | undefined {
  const latest = compareStamps(one, other) >= 0 ? one : other;
  if (typeof latest === "bigint") return latest + 1n;
  if (typeof latest !== "number") return undefined;
  if (Number.isFinite(latest)) return BigInt(Math.floor(latest)) + 1n;
  return latest === Infinity ? Infinity : 1n;
}

function magnitude(slot: Slot): bigint | number {
  return isNumber(slot) && !Number.isNaN(slot) ? slot : -Infinity;
}

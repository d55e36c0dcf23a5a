import { InvalidArgumentError } from "commander";

/** A whole number from 1 up, for commander's `argParser`. */
export function parsePositiveInteger(text: string): number {
  const number = Number(text);
  if (!/^\d+$/u.test(text) || !Number.isSafeInteger(number) || number < 1) {
    throw new InvalidArgumentError("It must be a whole number from 1 up.");
  }
  return number;
}

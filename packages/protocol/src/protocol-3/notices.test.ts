import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeWalletUpdate, parseWalletUpdate } from "./notices.ts";

test("[P3-60] a notice names the sequence, and reads back", () => {
  expect(encodeWalletUpdate(7)).toBe("wallet-update:7");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), (sequence) => {
      expect(parseWalletUpdate(encodeWalletUpdate(sequence))).toBe(sequence);
    }),
  );
});

test.each([
  "",
  "wallet-update",
  "wallet-update:",
  "wallet-update:0",
  "wallet-update:01",
  "wallet-update:-1",
  "wallet-update:1.5",
  "wallet-update:1 ",
  "wallet-update:4294967296",
  "wallet-update:99999999999999999999",
  "Wallet-Update:1",
  "x wallet-update:1",
])("[P3-60] %j is no notice", (message) => {
  expect(parseWalletUpdate(message)).toBeUndefined();
});

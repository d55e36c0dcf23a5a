import * as engine from "@holdfast/client/engine";
import { jsonWallet, lbryWallet, simulate, testWallet } from "@holdfast/testing";
import { expect, test } from "vitest";
import { kinds, regressions } from "./find-failure.ts";

test.each(kinds.map((kind) => [JSON.stringify(kind), kind] as const))(
  "[SYNC-30, SYNC-31, SYNC-32, SYNC-33, SYNC-34, SYNC-35, SYNC-36] what must hold holds: %s",
  (_name, kind) => {
    for (let seed = 0; seed < 8; seed += 1) {
      const { failure } = simulate({ ...kind, seed }, testWallet, engine);
      expect(failure, `seed ${String(seed)}`).toBeNull();
    }
  },
);

test("[SYNC-30, SYNC-31, SYNC-33] what must hold holds with JSON documents", () => {
  for (let seed = 0; seed < 6; seed += 1)
    for (const kind of kinds) {
      const { failure } = simulate({ ...kind, seed, steps: 600 }, jsonWallet, engine);
      expect(failure, `seed ${String(seed)}`).toBeNull();
    }
});

test("[SYNC-30, SYNC-31, SYNC-33] what must hold holds with LBRY wallets", () => {
  for (let seed = 0; seed < 2; seed += 1)
    for (const kind of kinds) {
      const { failure } = simulate({ ...kind, seed, steps: 400 }, lbryWallet, engine);
      expect(failure, `seed ${String(seed)}`).toBeNull();
    }
});

test.each(regressions)("[SYNC-30] $what", ({ what: _what, ...options }) => {
  expect(simulate(options, testWallet, engine).failure).toBeNull();
});

import * as engine from "@holdfast/client/engine";
import { simulate, testWallet } from "@holdfast/testing";
import type { SimulationOptions } from "@holdfast/testing";
import { expect, test } from "vitest";
import { kinds } from "./find-failure.ts";

/** Runs that failed once, each with what it found. */
const regressions: readonly (Partial<SimulationOptions> & {
  readonly what: string;
  readonly seed: number;
})[] = [
  {
    what: "a push that the host stored and called too large: what others removed from it stays removed",
    seed: 34,
    devices: 4,
    isHostile: true,
    stepsPerEra: 300,
  },
  {
    what: "protocol 4: nobody pushes on top of a revision whose chain is broken",
    seed: 10,
    protocol: 4,
    devices: 4,
    isHostile: true,
  },
];

test.each(kinds.map((kind) => [JSON.stringify(kind), kind] as const))(
  "[SYNC-30, SYNC-31, SYNC-32, SYNC-33, SYNC-34, SYNC-35, SYNC-36] what must hold holds: %s",
  (_name, kind) => {
    for (let seed = 0; seed < 60; seed += 1) {
      const { failure } = simulate({ ...kind, seed }, testWallet, engine);
      expect(failure, `seed ${String(seed)}`).toBeNull();
    }
  },
);

test.each(regressions)("[SYNC-30] $what", ({ what: _what, ...options }) => {
  expect(simulate(options, testWallet, engine).failure).toBeNull();
});

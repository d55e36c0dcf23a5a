import * as engine from "@holdfast/client/engine";
import { createJsonWallet, createLbryWallet, simulate, testWallet } from "@holdfast/testing";
import type { EngineModule, SimulatedWallet, SimulationOptions } from "@holdfast/testing";
import { predicates } from "./merge-predicates.ts";
import type { FormatModules } from "./variants.ts";

type Kind = Partial<SimulationOptions>;

/** The kinds of run of the fixed budget, in which every property is looked for. */
export const kinds: readonly Kind[] = [
  { devices: 1, hasLines: false },
  { devices: 3 },
  { devices: 2, hasLines: false, stepsPerEra: 300 },
  { devices: 3, hasRestores: true },
  { devices: 4, isHostile: true },
  { devices: 3, isHostile: true, hasRestores: true },
  { devices: 3, isHostile: true, hostileActs: ["store-and-claim-too-large", "accept-and-drop"] },
  { protocol: 4, devices: 3 },
  { protocol: 4, devices: 4, isHostile: true },
  { protocol: 4, devices: 3, hasRestores: true },
  { protocol: 4, devices: 3, isHostile: true, hasRestores: true },
  { devices: 3, hasUpgrade: true },
  { devices: 3, hasUpgrade: true, isHostile: true },
];

/** Runs that failed once, each with what was wrong. */
export const regressions: readonly (Kind & { readonly what: string; readonly seed: number })[] = [
  {
    what: "a push that the host stored and called too large: what others removed from it stays removed",
    seed: 34,
    devices: 4,
    isHostile: true,
    stepsPerEra: 300,
  },
  {
    what: "protocol 4: nobody pushes on top of a revision whose chain is broken",
    seed: 3,
    protocol: 4,
    devices: 4,
    isHostile: true,
    stepsPerEra: 1000,
  },
];

/** Runs what failed once and seeds of all kinds until a property fails; answers what failed, or null when nothing did. */
export function findFailure(engine: EngineModule, seeds: number, steps: number): string | null {
  for (const { what: _what, ...options } of regressions) {
    const failure = failureOf(options, testWallet, engine);
    if (failure !== null) return failure;
  }
  return findFailureWith(testWallet, engine, seeds, steps);
}

/** Asks the predicates of merging, and looks for a failure of the engine with real wallets. */
export function findMergeFailure(formats: FormatModules): string | null {
  const broken = predicates.find(({ holds }) => !holds(formats));
  if (broken !== undefined) return broken.name;
  const { createJsonFormat, lbryFormat } = formats;
  return (
    findFailureWith(createJsonWallet(createJsonFormat), engine, 12, 1000) ??
    findFailureWith(createLbryWallet(lbryFormat), engine, 4, 600)
  );
}

function findFailureWith<Content>(
  wallet: SimulatedWallet<Content>,
  engine: EngineModule,
  seeds: number,
  steps: number,
): string | null {
  for (let seed = 0; seed < seeds; seed += 1)
    for (const kind of kinds) {
      const failure = failureOf({ ...kind, seed, steps }, wallet, engine);
      if (failure !== null) return failure;
    }
  return null;
}

function failureOf<Content>(
  options: Kind & { readonly seed: number },
  wallet: SimulatedWallet<Content>,
  engine: EngineModule,
): string | null {
  try {
    return simulate(options, wallet, engine).failure?.message ?? null;
  } catch (error) {
    return String(error);
  }
}

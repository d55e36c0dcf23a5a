import * as engine from "@holdfast/client/engine";
import { createJsonWallet, createLbryWallet, simulate, testWallet } from "@holdfast/testing";
import type { EngineModule, SimulatedWallet, SimulationOptions } from "@holdfast/testing";
import { predicates } from "./merge-predicates.ts";
import type { FormatModules, Simulate } from "./variants.ts";

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
    seed: 39,
    devices: 3,
    isHostile: true,
    hostileActs: ["store-and-claim-too-large", "accept-and-drop"],
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
  {
    what: "an upgrade whose device died between its last two writes: what others removed stays removed",
    seed: 1,
    devices: 3,
    hasUpgrade: true,
  },
  {
    what: "a restored host of protocol 4 gets one line back, whatever a person decided before",
    seed: 16,
    protocol: 4,
    devices: 3,
    hasRestores: true,
  },
];

/** A run that notices a defect; `kind`: its place in `kinds`. */
export type Catch = { readonly kind: number; readonly seed: number; readonly steps: number };

/** Looks for a failure in the run that noticed it last, and only then in all of them. */
export function isCaught(
  known: Catch | undefined,
  engine: EngineModule,
  run: Simulate = simulate,
): boolean {
  if (known !== undefined && failureOf(optionsOf(known), testWallet, engine, run) !== null)
    return true;
  return run === simulate
    ? findFailure(engine, 60, 3000) !== null
    : findFailureWith(testWallet, engine, 60, 3000, run) !== null;
}

/** The shortest run that notices a defect; null: none does. */
export function shortestCatch(engine: EngineModule, run: Simulate = simulate): Catch | null {
  for (const steps of [300, 1000, 3000])
    for (let seed = 0; seed < 20; seed += 1)
      for (const kind of kinds.keys()) {
        const known = { kind, seed, steps };
        if (failureOf(optionsOf(known), testWallet, engine, run) !== null) return known;
      }
  return null;
}

function optionsOf({ kind, seed, steps }: Catch) {
  return { ...kinds[kind], seed, steps };
}

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
  run: Simulate = simulate,
): string | null {
  for (let seed = 0; seed < seeds; seed += 1)
    for (const kind of kinds) {
      const failure = failureOf({ ...kind, seed, steps }, wallet, engine, run);
      if (failure !== null) return failure;
    }
  return null;
}

function failureOf<Content>(
  options: Kind & { readonly seed: number },
  wallet: SimulatedWallet<Content>,
  engine: EngineModule,
  run: Simulate = simulate,
): string | null {
  try {
    return run(options, wallet, engine).failure?.message ?? null;
  } catch (error) {
    return String(error);
  }
}

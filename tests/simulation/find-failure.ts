import { simulate, testWallet } from "@holdfast/testing";
import type { EngineModule, SimulationOptions } from "@holdfast/testing";

/** The kinds of run of the fixed budget, in which every property is looked for. */
export const kinds: readonly Partial<SimulationOptions>[] = [
  { devices: 1, hasLines: false },
  { devices: 2 },
  { devices: 3, hasLines: false },
  { devices: 3, hasRestores: true },
  { devices: 4, isHostile: true },
  { devices: 3, isHostile: true, hasRestores: true },
  { protocol: 4, devices: 3 },
  { protocol: 4, devices: 4, isHostile: true },
];

/** Runs seeds of all kinds until a property fails; answers what failed, or null when nothing did. */
export function findFailure(engine: EngineModule, seeds: number, steps: number): string | null {
  for (let seed = 0; seed < seeds; seed += 1)
    for (const kind of kinds) {
      try {
        const { failure } = simulate({ ...kind, seed, steps }, testWallet, engine);
        if (failure !== null) return failure.message;
      } catch (error) {
        return String(error);
      }
    }
  return null;
}

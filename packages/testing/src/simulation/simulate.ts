import type { Random } from "../random/random.ts";
import { createSeededRandom } from "../random/random.ts";
import { calmDown } from "./calm.ts";
import { somethingHappens } from "./chaos.ts";
import { simulationOptions } from "./options.ts";
import type { SimulationOptions } from "./options.ts";
import type { SimulatedWallet } from "./simulated-wallet.ts";
import { SimulationFailure } from "./simulation-failure.ts";
import { World } from "./world.ts";
import type { EngineModule } from "./world.ts";

export type SimulationReport = {
  readonly options: SimulationOptions;
  readonly steps: number;
  readonly virtualMs: number;
  /** how many things people and hosts did; each can be left out */
  readonly happenings: number;
  /** what happened, and how often */
  readonly counts: ReadonlyMap<string, number>;
  /** null: every property held */
  readonly failure: SimulationFailure | null;
  /** of everything that happened: the same for the same seed */
  readonly fingerprint: string;
};

/** Runs devices, people, network and host for so many steps, and checks every property on the way. */
export function simulate<Content>(
  given: Pick<SimulationOptions, "seed"> & Partial<SimulationOptions>,
  wallet: SimulatedWallet<Content>,
  engine: EngineModule,
  random: Random = createSeededRandom(given.seed),
): SimulationReport {
  const options = simulationOptions(given);
  const world = new World(options, random, wallet, engine);
  let failure: SimulationFailure | null = null;
  try {
    live(world);
  } catch (error) {
    if (!(error instanceof SimulationFailure)) throw error;
    error.trace = world.trace.lines();
    failure = error;
  }
  return {
    options,
    steps: world.steps,
    virtualMs: world.schedule.nowMs,
    happenings: world.happenings,
    counts: world.counts,
    failure,
    fingerprint: world.fingerprint,
  };
}

function live<Content>(world: World<Content>): void {
  const { options, schedule } = world;
  while (world.living.length < options.devices) world.join().start();
  while (world.steps < options.steps) {
    const eraEnd = Math.min(world.steps + options.stepsPerEra, options.steps);
    let isStormy = true;
    const goOn = (): void => {
      if (!isStormy) return;
      const number = world.happenings;
      world.happenings += 1;
      const random = createSeededRandom(options.seed + (number + 1) * 0x9e37_79b1);
      schedule.after(random.pick([1, 10, 100, 1000, 20_000]), () => {
        world.people = random;
        if (isStormy && !options.without.has(number)) somethingHappens(world);
        goOn();
      });
    };
    goOn();
    while (world.steps < eraEnd) world.step();
    isStormy = false;
    calmDown(world);
    world.beginEra();
  }
}

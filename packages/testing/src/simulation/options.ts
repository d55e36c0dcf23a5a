import type { HostileAct } from "../host/hostile-host.ts";

export type SimulationOptions = {
  /** at the beginning */
  readonly protocol: 3 | 4;
  /** the account of protocol 3 becomes one of protocol 4 in the middle */
  readonly hasUpgrade: boolean;
  readonly seed: number;
  /** how many devices an account has at a time */
  readonly devices: number;
  /** how many things happen */
  readonly steps: number;
  /** the host rolls back, replays, tampers, lies, withholds and talks nonsense */
  readonly isHostile: boolean;
  /** what a hostile host does, when it does something; null: everything it can think of */
  readonly hostileActs: readonly HostileAct[] | null;
  /** the host is restored from backups, honestly */
  readonly hasRestores: boolean;
  /** revisions name their line inside their content; clients of other makers do not */
  readonly hasLines: boolean;
  /** the host answers as the original does: 200 and 409 without the wallet */
  readonly isOriginal: boolean;
  /** how likely a crash is before and after each effect */
  readonly crashRate: number;
  /** after so many steps everything calms down and is counted up */
  readonly stepsPerEra: number;
  /** numbers of happenings that do not happen: how a failure is made smaller */
  readonly without: ReadonlySet<number>;
  /** hears what happens, in words */
  readonly onTold?: (atMs: number, what: string) => void;
};

const nothing: ReadonlySet<number> = new Set();

/** A run's options with everything that was left out. */
export function simulationOptions(
  given: Pick<SimulationOptions, "seed"> & Partial<SimulationOptions>,
): SimulationOptions {
  return {
    protocol: 3,
    hasUpgrade: false,
    devices: 3,
    steps: 3000,
    isHostile: false,
    hostileActs: null,
    hasRestores: false,
    hasLines: true,
    isOriginal: given.seed % 4 === 3,
    crashRate: 0.002,
    stepsPerEra: [3000, 1000, 300][given.seed % 3] ?? 3000,
    without: nothing,
    ...given,
  };
}

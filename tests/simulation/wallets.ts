import * as engine from "@holdfast/client/engine";
import { jsonWallet, lbryWallet, shrink, simulate, testWallet } from "@holdfast/testing";
import type { EngineModule, SimulationOptions, SimulationReport } from "@holdfast/testing";

type Given = Pick<SimulationOptions, "seed"> & Partial<SimulationOptions>;

/** The wallets that a simulation can run over, by name. */
const runs = {
  test: (given: Given, module: EngineModule) => simulate(given, testWallet, module),
  json: (given: Given, module: EngineModule) => simulate(given, jsonWallet, module),
  lbry: (given: Given, module: EngineModule) => simulate(given, lbryWallet, module),
};

export type WalletName = keyof typeof runs;

export const walletNames = Object.keys(runs) as readonly WalletName[];

export function simulateWallet(
  wallet: WalletName,
  given: Given,
  module: EngineModule = engine,
): SimulationReport {
  return runs[wallet](given, module);
}

/** A failed run in words: what fails, how to repeat it, and the smallest story that was found. */
export function describeFailedRun(wallet: WalletName, failed: SimulationReport): string {
  const smallest = shrink(failed, (options) => simulateWallet(wallet, options), 300);
  const story: string[] = [];
  simulateWallet(wallet, {
    ...smallest.options,
    onTold: (atMs, what) => story.push(`${String(atMs).padStart(10)} ms  ${what}`),
  });
  const { failure, options } = smallest;
  return [
    `FAILED with seed ${String(options.seed)}: ${failed.failure?.message ?? ""}`,
    "",
    `Options: ${JSON.stringify(failed.options)}`,
    `The smallest run that was found leaves out ${String(options.without.size)} of ${String(smallest.happenings)} happenings and fails with: ${failure?.message ?? ""}`,
    "",
    ...story,
    "",
    "The last steps of the devices:",
    ...(failure?.trace.slice(-60) ?? []),
  ].join("\n");
}

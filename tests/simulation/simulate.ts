/** `npm run simulate -- --seed 7 --devices 5 --steps 10000 --hostile`: one run, told and counted. */
import { parseArgs } from "node:util";
import type { SimulationOptions } from "@holdfast/testing";
import { addReport, describeAccount, nothingYet } from "./account.ts";
import { describeFailedRun, simulateWallet, walletNames } from "./wallets.ts";
import type { WalletName } from "./wallets.ts";

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    devices: { type: "string", default: "3" },
    steps: { type: "string", default: "10000" },
    protocol: { type: "string", default: "3" },
    wallet: { type: "string", default: "test" },
    hostile: { type: "boolean", default: false },
    restores: { type: "boolean", default: false },
    upgrade: { type: "boolean", default: false },
    "no-lines": { type: "boolean", default: false },
    story: { type: "boolean", default: false },
  },
});
const wallet = values.wallet as WalletName;
const numbers = [values.seed, values.devices, values.steps].map(Number);
if (!walletNames.includes(wallet) || numbers.some((number) => !Number.isSafeInteger(number))) {
  tell(
    "simulate [--seed N] [--devices N] [--steps N] [--protocol 3|4] [--wallet test|json|lbry] [--hostile] [--restores] [--upgrade] [--no-lines] [--story]",
  );
  process.exit(2);
}
const [seed = 1, devices = 3, steps = 10_000] = numbers;
const options: Pick<SimulationOptions, "seed"> & Partial<SimulationOptions> = {
  seed,
  devices,
  steps,
  protocol: values.protocol === "4" ? 4 : 3,
  isHostile: values.hostile,
  hasRestores: values.restores,
  hasUpgrade: values.upgrade,
  hasLines: !values["no-lines"],
  ...(values.story && {
    onTold: (atMs: number, what: string) => {
      tell(`${String(atMs).padStart(10)} ms  ${what}`);
    },
  }),
};
const begin = performance.now();
const report = simulateWallet(wallet, options);
const perSecond = Math.round((report.steps / (performance.now() - begin)) * 1000);
if (report.failure !== null) {
  tell(describeFailedRun(wallet, report));
  process.exit(1);
}
tell(
  `Seed ${String(seed)}: ${String(devices)} devices, protocol ${values.protocol}, ${wallet} wallet, ${values.hostile ? "hostile" : "honest"} host, ${report.steps.toLocaleString("en")} steps.\n`,
);
tell(describeAccount(addReport(nothingYet, report)));
tell(`\nAll of it held. ${perSecond.toLocaleString("en")} steps per second.`);

/** `npm run chaos -- [--seconds 120] [--seed 1]`: two agents and a server, killed at random; prints what is left. */
import { parseArgs } from "node:util";
import { runChaos } from "./run-chaos.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: "1" },
  },
});
const { preferences, ...report } = await runChaos({
  seconds: Number(values.seconds),
  seed: Number(values.seed),
  onProgress: (line) => process.stdout.write(`${line}\n`),
});
const [first, second] = preferences.map((held) => JSON.stringify(held));
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
if (
  report.lost.length > 0 ||
  first !== second ||
  report.contested.some((one) => one.length !== 2)
) {
  process.stdout.write("FAILED: an edit is lost, or the devices differ.\n");
  process.exitCode = 1;
} else {
  process.stdout.write("Both devices hold the same wallet, with every edit.\n");
}

/** `npm run simulate:long -- --steps 1000000 --first 1`: seeds of all kinds one after the other, and one account of them all. */
import { parseArgs } from "node:util";
import { addReport, describeAccount, nothingYet } from "./account.ts";
import { kinds } from "./find-failure.ts";
import { describeFailedRun, simulateWallet } from "./wallets.ts";
import type { WalletName } from "./wallets.ts";

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "1000000" },
    first: { type: "string", default: "1" },
    wallet: { type: "string", default: "test" },
    each: { type: "string", default: "10000" },
  },
});
const wallet = values.wallet as WalletName;
const first = Number(values.first);
const begin = performance.now();
let account = nothingYet;
let seed = first;
for (; account.steps < Number(values.steps); seed += 1)
  for (const kind of kinds) {
    const report = simulateWallet(wallet, { ...kind, seed, steps: Number(values.each) });
    if (report.failure !== null) {
      tell(describeFailedRun(wallet, report));
      process.exit(1);
    }
    account = addReport(account, report);
  }
const perSecond = Math.round((account.steps / (performance.now() - begin)) * 1000);
tell(
  `${account.steps.toLocaleString("en")} steps with the ${wallet} wallet, in ${String(account.runs)} runs: seeds ${String(first)} to ${String(seed - 1)}, each with ${String(kinds.length)} kinds of host, protocol and devices. ${perSecond.toLocaleString("en")} steps per second.\n`,
);
tell(describeAccount(account));

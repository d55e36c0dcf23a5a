/**
 * Three-way merges of LBRY wallets, both sides changed, each on contents that were just read and have nothing remembered.
 *
 *     npm run bench:merge -- [rounds]
 */
import { lbryFormat } from "@holdfast/wallet/lbry";
import { describeMachine, formatTable, median } from "./load/figures.ts";
import { largeWallets } from "./load/large-wallet.ts";

const [rounds = 15] = process.argv.slice(2).map(Number);
const SIZES = [
  [10, 200],
  [100, 2000],
  [100, 20_000],
] as const;

const rows = [
  ["accounts", "subscriptions", "text KiB", "merge CPU ms", "merge ms", "read ms", "write ms"],
];
for (const [accounts, subscriptions] of SIZES) {
  const texts = largeWallets(accounts, subscriptions);
  const cpu: number[] = [];
  const merges: number[] = [];
  const reads: number[] = [];
  const writes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [base, ours, theirs] = [texts.base, texts.ours, texts.theirs].map((text) =>
      timed(reads, () => lbryFormat.parse(text)),
    );
    if (base === undefined || ours === undefined || theirs === undefined) break;
    const before = process.cpuUsage();
    const merged = timed(merges, () => lbryFormat.merge(base, ours, theirs));
    const used = process.cpuUsage(before);
    cpu.push((used.user + used.system) / 1000);
    timed(writes, () => lbryFormat.serialize(merged));
  }
  const ms = (figure: number): string => figure.toFixed(1);
  rows.push([
    String(accounts),
    String(subscriptions),
    (texts.base.length / 1024).toFixed(0),
    ms(median(cpu)),
    ms(median(merges)),
    ms(median(reads)),
    ms(median(writes)),
  ]);
}
process.stdout.write(`${describeMachine()}; medians of ${rounds} rounds\n\n${formatTable(rows)}\n`);

function timed<Result>(into: number[], run: () => Result): Result {
  const begin = performance.now();
  const result = run();
  into.push(performance.now() - begin);
  return result;
}

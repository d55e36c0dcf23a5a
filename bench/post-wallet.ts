/**
 * Writes: POST /api/3/wallet of 8 KiB by 1, 64 and 256 writers at once, against the same server made to commit once
 * per write, and against bare `node:sqlite` in process with one durable commit per write. Then the same with 64 writers
 * as if the disk were slower, because grouping is there for disks that are. Rounds alternate.
 *
 *     npm run bench:post -- [rounds] [seconds per round]
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLoggedInAccounts } from "./load/accounts.ts";
import { measureBareCommits } from "./load/bare-sqlite.ts";
import { startChildServer, type ChildServer } from "./load/child-server.ts";
import { describeMachine, formatTable, max, median } from "./load/figures.ts";
import { measureWrites, type Sequences, type WriteFigures } from "./load/write-load.ts";

const [rounds = 3, seconds = 4] = process.argv.slice(2).map(Number);
const WRITERS = [1, 64, 256];
/** How many milliseconds longer a commit takes: this disk's own time first. */
const SLOWER_MS = [0, 1, 4];
const VARIANTS = ["grouped", "single"] as const;

interface Measured {
  readonly variant: (typeof VARIANTS)[number];
  readonly slowerMs: number;
  readonly server: ChildServer;
  readonly tokens: readonly string[];
  readonly sequences: Sequences;
  /** By the number of writers. */
  readonly figures: Map<number, WriteFigures[]>;
}

const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
try {
  const all: Measured[] = [];
  for (const slowerMs of SLOWER_MS) {
    for (const variant of VARIANTS) all.push(await start(variant, slowerMs));
  }
  process.stderr.write("warming up\n");
  for (const { server, tokens, sequences } of all) {
    await measureWrites(server, tokens.slice(0, 64), sequences, 1);
  }

  const bare: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    bare.push(measureBareCommits(folder, 2));
    for (const writers of WRITERS) {
      for (const one of all) {
        if (one.slowerMs > 0 && writers !== 64) continue;
        const { server, tokens, sequences, figures } = one;
        const measured = await measureWrites(server, tokens.slice(0, writers), sequences, seconds);
        figures.set(writers, [...(figures.get(writers) ?? []), measured]);
      }
    }
  }
  await Promise.all(all.map(({ server }) => server.stop()));

  const rowsOf = (writers: number, slowerMs: number): string[][] => {
    const pair = all.filter((one) => one.slowerMs === slowerMs);
    const single = pair.find(({ variant }) => variant === "single")?.figures.get(writers) ?? [];
    return pair.map(({ variant, figures }) => {
      const measured = figures.get(writers) ?? [];
      const rates = measured.map(({ perSecond }) => perSecond);
      const toSingle = median(rates.map((rate, i) => rate / (single[i]?.perSecond ?? rate)));
      const toBare = median(rates.map((rate, i) => rate / (bare[i] ?? rate)));
      return [
        writers.toString(),
        slowerMs === 0 ? "this one" : `${slowerMs} ms slower`,
        variant === "grouped" ? "Holdfast" : "… one commit per write",
        Math.round(median(rates)).toString(),
        variant === "grouped" ? `${toSingle.toFixed(1)}×` : "1×",
        slowerMs === 0 ? `${toBare.toFixed(2)}×` : "",
        median(measured.map(({ cpuMicrosecondsEach }) => cpuMicrosecondsEach)).toFixed(0),
        median(measured.map(({ loadMicrosecondsEach }) => loadMicrosecondsEach)).toFixed(0),
        median(measured.map(({ p50Ms }) => p50Ms)).toFixed(1),
        median(measured.map(({ p99Ms }) => p99Ms)).toFixed(1),
        max(measured.map(({ maxMs }) => maxMs)).toFixed(0),
        measured.reduce((sum, { serverErrors }) => sum + serverErrors, 0).toString(),
      ];
    });
  };
  process.stdout.write(
    `${describeMachine()}; ${rounds} rounds of ${seconds} s; ` +
      `bare node:sqlite, in process: ${Math.round(median(bare))} durable commits per second\n\n` +
      `${formatTable([
        [
          "writers",
          "disk",
          "POST 8 KiB",
          "per second",
          "to single",
          "to bare",
          "CPU µs each",
          "load's",
          "p50 ms",
          "p99 ms",
          "max ms",
          "5xx",
        ],
        ...WRITERS.flatMap((writers) => rowsOf(writers, 0)),
        ...SLOWER_MS.slice(1).flatMap((slowerMs) => rowsOf(64, slowerMs)),
      ])}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function start(variant: Measured["variant"], slowerMs: number): Promise<Measured> {
  const dataDir = join(folder, `${variant}-${slowerMs}`);
  mkdirSync(dataDir);
  const tokens = await createLoggedInAccounts(dataDir, Math.max(...WRITERS));
  const server = await startChildServer("holdfast", [dataDir, variant], { commitMs: slowerMs });
  return { variant, slowerMs, server, tokens, sequences: new Map(), figures: new Map() };
}

/**
 * Reads: GET /api/3/wallet of 8 KiB over 64 connections, against the same Fastify answering a static 8 KiB body.
 * Rounds alternate, so that a machine that slows down slows both; each figure is the median, each ratio of a pair.
 *
 *     npm run bench:get -- [rounds] [seconds per round]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLoggedInAccounts } from "./load/accounts.ts";
import { startChildServer } from "./load/child-server.ts";
import { describeMachine, formatTable, median } from "./load/figures.ts";
import { measureReads, type ReadFigures } from "./load/read-load.ts";
import { measureWrites } from "./load/write-load.ts";

const [rounds = 5, seconds = 5] = process.argv.slice(2).map(Number);
const CONNECTIONS = 64;

const dataDir = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
try {
  const tokens = await createLoggedInAccounts(dataDir, CONNECTIONS);
  const holdfast = await startChildServer("holdfast", [dataDir]);
  const plain = await startChildServer("static", []);
  await measureWrites(holdfast, tokens, new Map(), 1);
  const load = { connections: CONNECTIONS, seconds };

  process.stderr.write("warming up\n");
  await measureReads(holdfast, tokens, { ...load, seconds: 2 });
  await measureReads(plain, tokens, { ...load, seconds: 2 });

  const ours: ReadFigures[] = [];
  const theirs: ReadFigures[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    theirs.push(await measureReads(plain, tokens, load));
    ours.push(await measureReads(holdfast, tokens, load));
  }
  await Promise.all([holdfast.stop(), plain.stop()]);

  const ratio = (of: (figures: ReadFigures) => number): string =>
    median(ours.map((figures, index) => of(figures) / of(theirs[index] ?? figures))).toFixed(2);
  const row = (name: string, figures: readonly ReadFigures[]): string[] => [
    name,
    Math.round(median(figures.map(({ perSecond }) => perSecond))).toString(),
    median(figures.map(({ cpuMicrosecondsEach }) => cpuMicrosecondsEach)).toFixed(1),
    median(figures.map(({ loadMicrosecondsEach }) => loadMicrosecondsEach)).toFixed(1),
    median(figures.map(({ p50Ms }) => p50Ms)).toFixed(1),
    median(figures.map(({ p99Ms }) => p99Ms)).toFixed(1),
  ];
  process.stdout.write(
    `${describeMachine()}; ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s\n\n` +
      `${formatTable([
        ["GET 8 KiB", "per second", "CPU µs each", "load's", "p50 ms", "p99 ms"],
        row("Fastify, static body", theirs),
        row("Holdfast", ours),
        ["ratio", ratio((f) => f.perSecond), ratio((f) => f.cpuMicrosecondsEach), "", "", ""],
      ])}\n`,
  );
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

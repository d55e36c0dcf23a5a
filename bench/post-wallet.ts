/**
 * Writes: POST /api/3/wallet of 8 KiB by 1, 64 and 256 writers at once, against the same server made to commit once
 * per write, and against bare `node:sqlite` in process with one durable commit per write. Rounds alternate.
 *
 *     npm run bench:post -- [rounds] [seconds per round]
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLoggedInAccounts } from "./load/accounts.ts";
import { measureBareCommits } from "./load/bare-sqlite.ts";
import { startChildServer } from "./load/child-server.ts";
import { describeMachine, formatTable, max, median } from "./load/figures.ts";
import { measureWrites, type Sequences, type WriteFigures } from "./load/write-load.ts";

const [rounds = 3, seconds = 4] = process.argv.slice(2).map(Number);
const WRITERS = [1, 64, 256];
const VARIANTS = ["grouped", "single"] as const;

const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
try {
  const servers = [];
  for (const variant of VARIANTS) {
    const dataDir = join(folder, variant);
    mkdirSync(dataDir);
    const tokens = await createLoggedInAccounts(dataDir, Math.max(...WRITERS));
    const server = await startChildServer("holdfast", [dataDir, variant]);
    servers.push({ variant, tokens, server, sequences: new Map() as Sequences });
  }
  process.stderr.write("warming up\n");
  for (const { server, tokens, sequences } of servers) {
    await measureWrites(server, tokens, sequences, 1);
  }

  const bare: number[] = [];
  const figures = new Map<string, WriteFigures[]>();
  const of = (variant: string, writers: number): WriteFigures[] => {
    const key = `${variant} ${writers}`;
    const list = figures.get(key) ?? [];
    figures.set(key, list);
    return list;
  };
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    bare.push(measureBareCommits(folder, 2));
    for (const writers of WRITERS) {
      for (const { variant, server, tokens, sequences } of servers) {
        const measured = await measureWrites(server, tokens.slice(0, writers), sequences, seconds);
        of(variant, writers).push(measured);
      }
    }
  }
  await Promise.all(servers.map(({ server }) => server.stop()));

  const rows = WRITERS.flatMap((writers) =>
    VARIANTS.map((variant) => {
      const measured = of(variant, writers);
      const rate = (list: readonly WriteFigures[]): number[] =>
        list.map(({ perSecond }) => perSecond);
      const toBare = median(rate(measured).map((value, i) => value / (bare[i] ?? value)));
      const toSingle = median(
        rate(measured).map((value, i) => value / (of("single", writers)[i]?.perSecond ?? value)),
      );
      return [
        writers.toString(),
        variant === "grouped" ? "Holdfast" : "… one commit per write",
        Math.round(median(rate(measured))).toString(),
        variant === "grouped" ? `${toSingle.toFixed(1)}×` : "1×",
        `${toBare.toFixed(2)}×`,
        median(measured.map(({ cpuMicrosecondsEach }) => cpuMicrosecondsEach)).toFixed(0),
        median(measured.map(({ loadMicrosecondsEach }) => loadMicrosecondsEach)).toFixed(0),
        median(measured.map(({ p50Ms }) => p50Ms)).toFixed(1),
        median(measured.map(({ p99Ms }) => p99Ms)).toFixed(1),
        max(measured.map(({ maxMs }) => maxMs)).toFixed(0),
        measured.reduce((sum, { serverErrors }) => sum + serverErrors, 0).toString(),
      ];
    }),
  );
  process.stdout.write(
    `${describeMachine()}; ${rounds} rounds of ${seconds} s; ` +
      `bare node:sqlite, in process: ${Math.round(median(bare))} durable commits per second\n\n` +
      `${formatTable([
        [
          "writers",
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
        ...rows,
      ])}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

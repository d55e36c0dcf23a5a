/**
 * The stores alone, without HTTP: why writes are grouped, and why a thread of its own writes them. Wallets of 8 KiB by
 * 1, 64 and 256 writers at once, and by 64 writers beside 8 readers that go around all caches. Rounds alternate.
 *
 *     node --conditions=@holdfast/source bench/store.ts [rounds] [seconds per round]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandOf, CommandResult } from "../apps/server/src/stores/sqlite/commands.ts";
import { createCommandHandlers } from "../apps/server/src/stores/sqlite/command-handlers.ts";
import { createGroupCommitter } from "../apps/server/src/stores/sqlite/commit-group.ts";
import { migrate } from "../apps/server/src/stores/sqlite/migrate.ts";
import {
  databasePath,
  openReadConnection,
  openWriteConnection,
} from "../apps/server/src/stores/sqlite/open-database.ts";
import { openSqliteStores } from "../apps/server/src/stores/sqlite/open-sqlite-stores.ts";
import { createSqliteStores } from "../apps/server/src/stores/sqlite/sqlite-stores.ts";
import type { WriteQueue } from "../apps/server/src/stores/sqlite/write-queue.ts";
import type { Stores } from "../apps/server/src/stores/stores.ts";
import { describeMachine, formatTable, median } from "./load/figures.ts";

const [rounds = 3, seconds = 2] = process.argv.slice(2).map(Number);
const LOADS = [
  { writers: 1, readers: 0 },
  { writers: 64, readers: 0 },
  { writers: 256, readers: 0 },
  { writers: 64, readers: 8 },
];
const ENCRYPTED_WALLET = "x".repeat(8 * 1024);

interface Figures {
  readonly writes: number;
  readonly p99Ms: number;
  readonly reads: number;
  readonly cpuUsPerWrite: number;
}

type Open = (dataDir: string) => Promise<Stores & { close(): Promise<void> }>;

/** The same commands on this thread: what came in within a turn of the event loop goes into one transaction, or each into its own. */
const onThisThread =
  (isGrouped: boolean): Open =>
  async (dataDir) => {
    const database = openWriteConnection(databasePath(dataDir));
    migrate(database);
    const commitGroup = createGroupCommitter(database, createCommandHandlers(database));
    const reader = openReadConnection(databasePath(dataDir));
    let waiting: { command: CommandOf<never>; resolve: (outcome: never) => void }[] = [];
    const commit = (): void => {
      const group = isGrouped ? waiting.splice(0) : waiting.splice(0, 1);
      const answer = commitGroup(group.map(({ command }) => command));
      const results: readonly CommandResult[] = "results" in answer ? answer.results : [];
      for (const [index, { resolve }] of group.entries()) {
        const result = results[index];
        if (result?.type !== "done") throw new Error("a write failed");
        resolve(result.outcome as never);
      }
      if (waiting.length > 0) setImmediate(commit);
    };
    const writes: WriteQueue = {
      submit: (command) =>
        new Promise((resolve) => {
          if (waiting.length === 0) setImmediate(commit);
          waiting.push({ command: command as CommandOf<never>, resolve });
        }),
      lost: new Promise(() => undefined),
      close: () => Promise.resolve(),
    };
    return {
      ...createSqliteStores(reader, writes),
      async close() {
        reader.close();
        database.close();
      },
    };
  };

const VARIANTS: Readonly<Record<string, Open>> = {
  "one commit per write, this thread": onThisThread(false),
  "grouped, this thread": onThisThread(true),
  "one commit per write, writer thread": (dataDir) =>
    openSqliteStores({ dataDir, maxGroupBytes: 1 }),
  "grouped, writer thread (Holdfast)": (dataDir) => openSqliteStores({ dataDir }),
};

async function addUser(stores: Stores, name: string) {
  const account = { email: name, passwordHash: "", clientSaltSeed: "", verified: true };
  const created = await stores.accounts.create(account);
  if (created.type !== "created") throw new Error(created.type);
  const { userId } = created;
  const session = {
    userId,
    deviceId: "bench",
    tokenHash: name,
    expiresAtMs: 1,
    credentialVersion: 1,
  };
  await stores.sessions.create(session);
  return { userId, tokenHash: name, nowMs: 0 };
}

async function measure(open: Open, load: (typeof LOADS)[number]): Promise<Figures> {
  const dataDir = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  const stores = await open(dataDir);
  const users = await Promise.all(
    Array.from({ length: load.writers }, (_, index) => addUser(stores, `${index}@example.org`)),
  );
  const latencies: number[] = [];
  let reads = 0;
  const cpuBefore = process.cpuUsage();
  const endsAt = performance.now() + seconds * 1000;

  const write = async (user: (typeof users)[number]): Promise<void> => {
    for (let sequence = 1; performance.now() < endsAt; sequence += 1) {
      const startedAt = performance.now();
      const wallet = { encryptedWallet: ENCRYPTED_WALLET, sequence, hmac: "hmac" };
      const { type } = await stores.wallets.replace({ ...user, wallet });
      if (type !== "replaced") throw new Error(type);
      latencies.push(performance.now() - startedAt);
    }
  };
  const read = async (): Promise<void> => {
    for (let turn = 0; performance.now() < endsAt; turn += 1) {
      await stores.wallets.newest(users[turn % users.length]?.userId ?? 0);
      reads += 1;
      // A request of its own for each read, as on a server.
      await new Promise((proceed) => setImmediate(proceed));
    }
  };
  await Promise.all([...users.map(write), ...Array.from({ length: load.readers }, read)]);
  const { user, system } = process.cpuUsage(cpuBefore);

  await stores.close();
  rmSync(dataDir, { recursive: true });
  latencies.sort((a, b) => a - b);
  return {
    writes: latencies.length / seconds,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
    reads: reads / seconds,
    cpuUsPerWrite: (user + system) / latencies.length,
  };
}

const figures = new Map<string, Figures[]>();
for (let round = 1; round <= rounds; round += 1) {
  process.stderr.write(`round ${round} of ${rounds}\n`);
  for (const load of LOADS) {
    for (const [variant, open] of Object.entries(VARIANTS)) {
      const key = `${load.writers} ${load.readers} ${variant}`;
      figures.set(key, [...(figures.get(key) ?? []), await measure(open, load)]);
    }
  }
}

const head = ["writers", "readers", "how", "writes/s", "p99 ms", "reads/s", "CPU µs per write"];
const rows = LOADS.flatMap(({ writers, readers }) =>
  Object.keys(VARIANTS).map((variant) => {
    const measured = figures.get(`${writers} ${readers} ${variant}`) ?? [];
    const of = (name: keyof Figures) => median(measured.map((one) => one[name]));
    return [
      String(writers),
      String(readers),
      variant,
      of("writes").toFixed(0),
      of("p99Ms").toFixed(1),
      readers === 0 ? "" : of("reads").toFixed(0),
      readers === 0 ? of("cpuUsPerWrite").toFixed(0) : "",
    ];
  }),
);
process.stdout.write(`${describeMachine()}; medians of ${rounds} rounds\n\n`);
process.stdout.write(`${formatTable([head, ...rows])}\n`);

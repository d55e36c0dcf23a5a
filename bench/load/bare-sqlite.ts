/** The yardstick for writes: `node:sqlite` alone, in process, one durable commit per wallet. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Wallets of 8 KiB per second, each in a transaction of its own with WAL and synchronous=FULL. */
export function measureBareCommits(dataDir: string, seconds: number): number {
  const database = new DatabaseSync(join(dataDir, "bare.db"));
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS wallets (user_id INTEGER PRIMARY KEY, sequence INTEGER, body BLOB) STRICT;
      INSERT OR IGNORE INTO wallets VALUES (1, 0, x'00');
    `);
    const body = randomBytes(8 * 1024);
    const update = database.prepare(
      "UPDATE wallets SET sequence = sequence + 1, body = ? WHERE user_id = 1",
    );
    const startedAt = performance.now();
    const endsAt = startedAt + seconds * 1000;
    let commits = 0;
    while (performance.now() < endsAt) {
      update.run(body);
      commits += 1;
    }
    return commits / ((performance.now() - startedAt) / 1000);
  } finally {
    database.close();
  }
}

/**
 * Opens the database's two kinds of connection. Durability: WAL with synchronous=FULL, so a commit that returned is
 * on disk; readers see the last commit and never wait for one.
 */
import { chmodSync, closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How long a connection waits for a lock that another program (a backup, say) holds. */
const BUSY_TIMEOUT_MS = 5000;

export function databasePath(dataDir: string): string {
  return join(dataDir, "holdfast.db");
}

/** A connection that can write, but leaves the file as it is: it may turn out not to be ours. */
export function openUnchanged(path: string): DatabaseSync {
  return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, defensive: true });
}

/** The one connection that writes. */
export function openWriteConnection(path: string): DatabaseSync {
  const database = openUnchanged(path);
  // fullfsync is for macOS, where fsync alone leaves data in the disk's own cache. Checkpoints wait for the disk as
  // commits do: every 4000 pages (16 MiB) instead of 1000, they hardly count beside the commits of 64 writers.
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA journal_size_limit = 67108864;
  `);
  return database;
}

/** A connection that cannot write. The database must exist. */
export function openReadConnection(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
}

/**
 * Makes sure that only the owner can read a file, creating it empty if need be. An existing file is never opened here:
 * closing a second descriptor of a file drops the locks that SQLite holds on it in this process.
 */
export function ensurePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    chmodSync(path, 0o600);
  }
}

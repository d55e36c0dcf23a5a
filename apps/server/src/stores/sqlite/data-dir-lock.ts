/**
 * Makes one process the owner of a data directory: caches and grouped writes rely on seeing every write. The lock is
 * the operating system's, held through an empty SQLite database, so it ends with the process however that ends:
 * no stale lock can keep a server from starting.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ServerError } from "../../server-error.ts";
import { ensurePrivateFile } from "./open-database.ts";

export interface DataDirLock {
  release(): void;
}

/** Creates the directory if need be and locks it. Throws ServerError `data-dir-in-use`. */
export function lockDataDir(dataDir: string): DataDirLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, "holdfast.lock");
  ensurePrivateFile(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written to it, so its journal needs no file.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw new ServerError(
      "data-dir-in-use",
      `Another Holdfast server is using the data directory ${dataDir}. Stop it first, or choose another directory for this one.`,
      { cause: error },
    );
  }
  return {
    release() {
      database.close();
    },
  };
}

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

const SQLITE_BUSY = 5;

/** Creates the directory if need be and locks it. Throws ServerError `data-dir-in-use` or `data-dir-unusable`. */
export function lockDataDir(dataDir: string): DataDirLock {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return lock(join(dataDir, "holdfast.lock"));
  } catch (cause) {
    if ((cause as { readonly errcode?: number }).errcode === SQLITE_BUSY) {
      throw new ServerError(
        "data-dir-in-use",
        `Another Holdfast server is using the data directory ${dataDir}. Stop it first, or choose another directory for this one.`,
        { cause },
      );
    }
    throw new ServerError(
      "data-dir-unusable",
      `The data directory ${dataDir} cannot be used: ${(cause as Error).message}. Choose another one, or make it writable for the user that runs Holdfast.`,
      { cause },
    );
  }
}

function lock(path: string): DataDirLock {
  ensurePrivateFile(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written to it, so its journal needs no file.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    release() {
      database.close();
    },
  };
}

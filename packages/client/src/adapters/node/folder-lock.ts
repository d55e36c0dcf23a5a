/**
 * One process at a time (P3C-17). The lock is SQLite's own on an empty database file: the operating system lets go
 * of it when its holder dies, however that happens, so it never needs to be broken by hand.
 */
import { DatabaseSync } from "node:sqlite";

const sqliteBusy = 5;

export type FolderLock = { release(): void };

/** The lock on `path`, or null when somebody holds it, in this process or another. */
export function takeFolderLock(path: string): FolderLock | null {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // In memory: the default would leave a journal file behind a holder that dies.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return null;
    throw error;
  }
  return {
    release() {
      database.exec("ROLLBACK");
      database.close();
    },
  };
}

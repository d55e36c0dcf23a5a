/**
 * Opens a data directory: lock, private files, migrations, the writer's thread, the reading connection, in this order.
 * The lock is let go of last.
 */
import type { DatabaseSync } from "node:sqlite";
import { ServerError } from "../../server-error.ts";
import type { OpenStores } from "../stores.ts";
import { lockDataDir } from "./data-dir-lock.ts";
import { migrate } from "./migrate.ts";
import {
  databasePath,
  ensurePrivateFile,
  openReadConnection,
  openUnchanged,
} from "./open-database.ts";
import { createSqliteStores } from "./sqlite-stores.ts";
import {
  openWriteQueue,
  startWriter,
  type WriteQueue,
  type WriteQueueLimits,
} from "./write-queue.ts";

/** Throws ServerError `data-dir-in-use`, `data-dir-unusable` or `database-unusable`. */
export async function openSqliteStores(
  options: { readonly dataDir: string } & WriteQueueLimits,
): Promise<OpenStores> {
  const lock = lockDataDir(options.dataDir);
  try {
    const path = databasePath(options.dataDir);
    prepareDatabase(path);
    const writes = await openWriteQueue(startWriter(path), options);
    const reader = await openReader(path, writes);
    const stores = createSqliteStores(reader, writes);
    let closing: Promise<void> | undefined;

    return {
      ...stores,
      lost: writes.lost,
      async checkReady() {
        await writes.submit({ type: "check" });
        reader.prepare("SELECT count(*) FROM sqlite_schema").get();
      },
      close() {
        closing ??= (async () => {
          await writes.close();
          reader.close();
          lock.release();
        })();
        return closing;
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openReader(path: string, writes: WriteQueue): Promise<DatabaseSync> {
  try {
    return openReadConnection(path);
  } catch (error) {
    await writes.close();
    throw error;
  }
}

function prepareDatabase(path: string): void {
  ensurePrivateFile(path);
  try {
    const database = openUnchanged(path);
    try {
      migrate(database);
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw new ServerError(
      "database-unusable",
      `The database ${path} cannot be opened: ${String(error)}. If it is damaged, restore it from a backup.`,
      { cause: error },
    );
  }
}

import { createCachedStores, type CacheLimits } from "./cache/cached-stores.ts";
import { openSqliteStores } from "./sqlite/open-sqlite-stores.ts";
import type { WriteQueueLimits } from "./sqlite/write-queue.ts";
import type { OpenStores } from "./stores.ts";

export interface StoreOptions extends CacheLimits, WriteQueueLimits {
  /** Where everything is kept; created if need be. One process at a time. */
  readonly dataDir: string;
}

/** Opens the server's stores: SQLite in `dataDir`, cached. Throws ServerError `data-dir-in-use`, `data-dir-unusable` or `database-unusable`. */
export async function openStores(options: StoreOptions): Promise<OpenStores> {
  const stores = await openSqliteStores(options);
  return {
    ...createCachedStores(stores, options),
    ...(stores.lost === undefined ? {} : { lost: stores.lost }),
    checkReady: () => stores.checkReady(),
    close: () => stores.close(),
  };
}

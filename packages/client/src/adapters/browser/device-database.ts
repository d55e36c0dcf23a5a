/**
 * One device's memory in IndexedDB: one object store with `state`, `account` and the number of the present lead. Each
 * write is one strict transaction that first looks whether its writer still leads, so that a tab that was put to sleep
 * and overtaken cannot write over its successor.
 */
import type { SaveFailure } from "../../engine/index.ts";
import type { HeldStore, LoadOutcome, StoreOutcome } from "../../ports/wallet-store.ts";

const objectStore = "device";
const leadKey = "lead";

/** How the database looks; a later version adds to `upgrade` and raises `version`. */
export type DatabaseSchema = {
  readonly version: number;
  upgrade(database: IDBDatabase, fromVersion: number): void;
};

const deviceSchema: DatabaseSchema = {
  version: 1,
  upgrade(database, fromVersion) {
    if (fromVersion < 1) database.createObjectStore(objectStore);
  },
};

export type OpenDatabaseOutcome =
  | { readonly type: "open"; readonly database: IDBDatabase }
  | { readonly type: "unusable"; readonly detail: string };

/** Opens it, making or upgrading it where needed. It closes itself for a tab that wants to upgrade it. */
export async function openDeviceDatabase(
  name: string,
  schema: DatabaseSchema = deviceSchema,
): Promise<OpenDatabaseOutcome> {
  const { promise, resolve } = Promise.withResolvers<OpenDatabaseOutcome>();
  let request: IDBOpenDBRequest;
  try {
    request = indexedDB.open(name, schema.version);
  } catch (error) {
    return { type: "unusable", detail: explain(error) };
  }
  let isGivenUp = false;
  request.addEventListener("upgradeneeded", ({ oldVersion }) => {
    schema.upgrade(request.result, oldVersion);
  });
  request.addEventListener("blocked", () => {
    isGivenUp = true;
    resolve({
      type: "unusable",
      detail: "another tab has an older version of this app open; close it, then try again",
    });
  });
  request.addEventListener("error", () => {
    resolve({ type: "unusable", detail: explain(request.error) });
  });
  request.addEventListener("success", () => {
    const database = request.result;
    if (isGivenUp) {
      database.close();
      return;
    }
    database.addEventListener("versionchange", () => {
      database.close();
    });
    resolve({ type: "open", database });
  });
  return await promise;
}

const overtaken: StoreOutcome = {
  type: "failed",
  reason: "not-leader",
  detail: "another tab leads by now",
};

/** Takes the database for this tab alone; `release` lets the lock go. */
export async function holdDatabase(database: IDBDatabase, release: () => void): Promise<HeldStore> {
  const number = await claimLead(database);
  let lastWrite: Promise<unknown> = Promise.resolve();
  let isReleased = false;
  return {
    load: async (slot) => await read(database, slot),
    async save(slot, text) {
      if (isReleased) return overtaken;
      const write = save(database, number, slot, text);
      lastWrite = write;
      return await write;
    },
    async release() {
      isReleased = true;
      await lastWrite;
      database.close();
      release();
    },
  };
}

/** Counts leads up, so that what an earlier lead still writes is refused. Rejects with the browser's reason. */
async function claimLead(database: IDBDatabase): Promise<number> {
  const transaction = database.transaction(objectStore, "readwrite", { durability: "strict" });
  const store = transaction.objectStore(objectStore);
  const previous = store.get(leadKey);
  let number = 1;
  previous.addEventListener("success", () => {
    if (typeof previous.result === "number") number = previous.result + 1;
    store.put(number, leadKey);
  });
  await completed(transaction);
  return number;
}

async function read(database: IDBDatabase, slot: string): Promise<LoadOutcome> {
  try {
    const transaction = database.transaction(objectStore, "readonly");
    const request = transaction.objectStore(objectStore).get(slot);
    await completed(transaction);
    const value: unknown = request.result;
    if (value === undefined) return { type: "none" };
    if (typeof value === "string") return { type: "text", text: value };
    return { type: "unreadable", detail: "it is not text" };
  } catch (error) {
    return { type: "unreadable", detail: explain(error) };
  }
}

async function save(
  database: IDBDatabase,
  number: number,
  slot: string,
  text: string,
): Promise<StoreOutcome> {
  let isOvertaken = false;
  try {
    const transaction = database.transaction(objectStore, "readwrite", { durability: "strict" });
    const store = transaction.objectStore(objectStore);
    const present = store.get(leadKey);
    present.addEventListener("success", () => {
      isOvertaken = present.result !== number;
      if (isOvertaken) transaction.abort();
      else store.put(text, slot);
    });
    await completed(transaction);
    return { type: "saved" };
  } catch (error) {
    if (isOvertaken) return overtaken;
    return { type: "failed", reason: reasonOf(error), detail: explain(error) };
  }
}

export async function completed(transaction: IDBTransaction): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  transaction.addEventListener("complete", () => {
    resolve(undefined);
  });
  transaction.addEventListener("abort", () => {
    reject(transaction.error ?? new DOMException("aborted", "AbortError"));
  });
  await promise;
}

function reasonOf(error: unknown): SaveFailure {
  return nameOf(error) === "QuotaExceededError" ? "disk-full" : "disk-failed";
}

/** The browser's reason in words; by its name, since messages differ between browsers. */
export function explain(error: unknown): string {
  switch (nameOf(error)) {
    case "QuotaExceededError":
      return "this site's storage is full";
    case "VersionError":
      return "a newer version of this app has used it; reload this page";
    case "InvalidStateError":
      return "the browser closed the database; reload this page";
    case "NotFoundError":
      return "the database holds something else";
    case "SecurityError":
      return "the browser does not let this page store anything";
    default:
      return `the browser's database failed (${nameOf(error)})`;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "no reason given";
}

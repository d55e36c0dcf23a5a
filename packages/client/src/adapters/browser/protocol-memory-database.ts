/** Which accounts were used with protocol 4 (P4K-5): one database for all wallets of an origin, with an entry for each. */
import { ClientError } from "../../client-error.ts";
import type { ProtocolMemory } from "../../ports/protocol-memory.ts";
import { completed, explain, openDeviceDatabase, type DatabaseSchema } from "./device-database.ts";

const objectStore = "used";

const schema: DatabaseSchema = {
  version: 1,
  upgrade(database, fromVersion) {
    if (fromVersion < 1) database.createObjectStore(objectStore);
  },
};

export function openProtocolMemoryDatabase(database: string): ProtocolMemory {
  async function transact<Value>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value> {
    const opened = await openDeviceDatabase(database, schema);
    if (opened.type !== "open") throw failed(opened.detail);
    try {
      const transaction = opened.database.transaction(objectStore, mode, { durability: "strict" });
      const request = ask(transaction.objectStore(objectStore));
      await completed(transaction);
      return request.result;
    } catch (error) {
      throw failed(explain(error));
    } finally {
      opened.database.close();
    }
  }
  return {
    has: async (name) => (await transact("readonly", (store) => store.count(name))) > 0,
    add: async (name) => {
      await transact("readwrite", (store) => store.put(1, name));
    },
  };
}

function failed(detail: string): ClientError {
  return new ClientError("storage-failed", `Could not use this site's storage: ${detail}.`);
}

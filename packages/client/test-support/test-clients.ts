import { systemRandomBytes } from "../src/adapters/system.ts";
import type { Clock } from "../src/ports/clock.ts";
import type { Connectivity } from "../src/ports/connectivity.ts";
import type { WalletStore } from "../src/ports/wallet-store.ts";
import { createWalletClient } from "../src/wallet-client/create-wallet-client.ts";
import type { Snapshot } from "../src/wallet-client/snapshot.ts";
import type { EditOutcome, WalletClient } from "../src/wallet-client/wallet-client.ts";
import type { JsonValue } from "@holdfast/wallet/json";
import { format, type Credentials, type PlainHost } from "./plain-host.ts";

export type TestClient = WalletClient<JsonValue, Credentials>;

export const joe: Credentials = { owner: "joe", password: "right" };

export function createTestClient(
  host: PlainHost,
  store: WalletStore,
  clock: Clock,
  connectivity?: Connectivity,
): TestClient {
  return createWalletClient({
    format,
    store,
    source: host.source,
    clock,
    randomBytes: systemRandomBytes,
    ...(connectivity && { connectivity }),
  });
}

/** Sets one field of the document. */
export async function set(client: TestClient, key: string, value: JsonValue): Promise<EditOutcome> {
  return await client.edit((document) => new Map([...fieldsOf(document), [key, value]]));
}

function fieldsOf(document: JsonValue | null): ReadonlyMap<string, JsonValue> {
  return document instanceof Map ? (document as ReadonlyMap<string, JsonValue>) : new Map();
}

/** The document a client shows, as a plain object. */
export function shown(client: TestClient): Record<string, JsonValue> {
  return Object.fromEntries(fieldsOf(client.snapshot().document));
}

/** Resolves with the first snapshot, this one included, that is as wanted. */
export async function until<Document>(
  client: Pick<WalletClient<Document, never>, "snapshot" | "subscribe">,
  isMet: (snapshot: Snapshot<Document>) => boolean,
): Promise<Snapshot<Document>> {
  if (isMet(client.snapshot())) return client.snapshot();
  const { promise, resolve } = Promise.withResolvers<Snapshot<Document>>();
  const stop = client.subscribe((snapshot) => {
    if (isMet(snapshot)) resolve(snapshot);
  });
  const met = await promise;
  stop();
  return met;
}

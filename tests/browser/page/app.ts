/** The page of a wallet app, with its insides open to the tests. */
import {
  createProtocol3Source,
  createWalletClient,
  rememberProtocol4,
  Secret,
  type Scrypt,
} from "@holdfast/client";
import { createBrowserPlatform, openWalletDatabase } from "@holdfast/client/browser";
import { openDeviceDatabase } from "../../../packages/client/src/adapters/browser/device-database.ts";
import { getPreference, lbryFormat, setPreference } from "@holdfast/wallet/lbry";

const platform = createBrowserPlatform(
  () => new Worker(new URL("./scrypt-worker.ts", import.meta.url), { type: "module" }),
);

/** Cheap, so that tests wait for the things they test. */
const cheapScrypt: Scrypt = async (password, salt, { r, p, dkLen }) =>
  await platform.scrypt(password, salt, { N: 16, r, p, dkLen });

type Change = readonly [key: string, value: string];

function createApp(database: string, server: string) {
  const client = createWalletClient({
    format: lbryFormat,
    store: openWalletDatabase(database),
    source: createProtocol3Source({ server, ...platform, scrypt: cheapScrypt }),
    ...platform,
  });
  const statuses: string[] = [];
  client.subscribe(({ status }) => {
    if (statuses.at(-1) !== status.type) statuses.push(status.type);
  });
  const valueOf = (key: string) => {
    const { document } = client.snapshot();
    return document === null ? undefined : getPreference(document, key);
  };
  return {
    statuses,
    open: async () => await client.open(),
    unlock: async (type: "password" | "sign-up", email: string, password: string) =>
      await client.unlock({ type, email, password: new Secret(password) }),
    lock: async () => {
      await client.lock();
    },
    close: async () => await client.close(),
    sync: async () => await client.sync(),
    set: async (...[key, value]: Change) =>
      await client.edit((wallet) => setPreference(wallet, key, value, Date.now() / 1000)),
    valueOf,
    glance: () => {
      const { status, sentence, role, conflicts, isSaved, sequence, owner } = client.snapshot();
      return { status, sentence, role, isSaved, sequence, owner, conflicts: conflicts.length };
    },
    /** Resolves when the preference has this value. */
    until: async (key: string, value: string) => {
      if (valueOf(key) === value) return;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const stop = client.subscribe(() => {
        if (valueOf(key) === value) resolve(undefined);
      });
      await promise;
      stop();
    },
    untilStatus: async (type: string) => {
      if (client.snapshot().status.type === type) return;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const stop = client.subscribe(({ status }) => {
        if (status.type === type) resolve(undefined);
      });
      await promise;
      stop();
    },
    untilRole: async (role: string) => {
      if (client.snapshot().role === role) return;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const stop = client.subscribe((snapshot) => {
        if (snapshot.role === role) resolve(undefined);
      });
      await promise;
      stop();
    },
  };
}

/** IndexedDB without the client: what another program, or another version of the app, does to it. */
const database = {
  async open(name: string, version?: number): Promise<IDBDatabase> {
    const request = indexedDB.open(name, version);
    const { promise, resolve, reject } = Promise.withResolvers<IDBDatabase>();
    request.addEventListener("success", () => {
      resolve(request.result);
    });
    request.addEventListener("error", () => {
      reject(request.error ?? new Error("failed"));
    });
    return await promise;
  },
  async get(name: string, key: string): Promise<unknown> {
    const opened = await database.open(name);
    const request = opened.transaction("device").objectStore("device").get(key);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    request.addEventListener("success", () => {
      resolve(request.result);
    });
    const value = await promise;
    opened.close();
    return value;
  },
  async put(name: string, key: string, value: unknown): Promise<void> {
    const opened = await database.open(name);
    const transaction = opened.transaction("device", "readwrite");
    transaction.objectStore("device").put(value, key);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    transaction.addEventListener("complete", () => {
      resolve(undefined);
    });
    await promise;
    opened.close();
  },
};

const insides = {
  /** What an app over protocol 4 does when an account is open. */
  rememberUse: async (server: string, email: string) => {
    await rememberProtocol4(platform.protocolMemory, new URL(server), email);
  },
  createApp,
  database,
  openDeviceDatabase,
  scrypt: platform.scrypt,
  app: createApp("unused", "http://localhost:1"),
  held: undefined as unknown,
};

export type Insides = typeof insides;

declare global {
  var holdfast: Insides;
}

globalThis.holdfast = insides;

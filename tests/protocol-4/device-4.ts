/** One device over protocol 4: a disk that outlives a "restart", real time and randomness, and a driver for one wallet. */
import { loadCheapOpaqueClient } from "../../packages/crypto/src/testing/cheap-opaque-client.ts";
import { systemClock, systemRandomBytes } from "../../packages/client/src/adapters/system.ts";
import { contentFormatOf } from "../../packages/client/src/driver/content-format.ts";
import { createDriver, type Driver } from "../../packages/client/src/driver/create-driver.ts";
import {
  createEngine,
  type DeviceRecord,
  newDeviceRecord,
  protocol4Rules,
} from "@holdfast/client/engine";
import {
  type AccountPorts,
  type ContactFailure,
  createSyncAccount4,
  HeldAccount,
  parseAccountRecord,
  type SyncAccount4,
} from "@holdfast/client/protocol-4";
import { createProtocolMemory } from "@holdfast/testing";
import { createJsonFormat, type JsonValue } from "@holdfast/wallet/json";
import type { Content } from "@holdfast/wallet/merge";

const format = createJsonFormat({ name: "notes" });

type Disk = {
  account: string | null;
  readonly wallets: Map<string, string>;
};

export type DeviceOptions = {
  readonly fetch?: typeof fetch;
  readonly clock?: AccountPorts["clock"];
  /** by default one with cheap key stretching: all devices of an account need the same */
  readonly loadOpaque?: NonNullable<AccountPorts["loadOpaque"]>;
};

/** What a device's platform is; `disk` is what would be left after a power cut. */
export function createPlatform({
  fetch = globalThis.fetch,
  clock = systemClock,
  loadOpaque = loadCheapOpaqueClient,
}: DeviceOptions = {}) {
  const disk: Disk = { account: null, wallets: new Map() };
  const ports: AccountPorts = {
    protocolMemory: createProtocolMemory(),
    fetch: async (...input) => await fetch(...input),
    clock,
    loadOpaque,
    randomBytes: systemRandomBytes,
    timeoutMs: 20_000,
    store: {
      saveAccount: async (text) => {
        disk.account = text;
        await Promise.resolve();
      },
      loadWallet: async (walletId) => await Promise.resolve(disk.wallets.get(walletId) ?? null),
      saveWallet: async (walletId, text) => {
        disk.wallets.set(walletId, text);
        await Promise.resolve();
      },
    },
  };
  return { disk, ports };
}

/** The account as a restarted program finds it. */
export function restart({ disk, ports }: ReturnType<typeof createPlatform>): HeldAccount {
  const read = parseAccountRecord(disk.account ?? "");
  if (read.type !== "account") throw new Error(`the record is damaged: ${read.detail}`);
  return new HeldAccount(ports, read.record);
}

export type SyncedWallet = {
  readonly driver: Driver<Content<JsonValue>>;
  readonly sync: SyncAccount4<JsonValue>;
  readonly reports: ContactFailure[];
  /** the record on the device's disk */
  saved(): DeviceRecord<Content<JsonValue>>;
  edit(change: Readonly<Record<string, number>>): Promise<void>;
  syncNow(): Promise<void>;
  view(): Readonly<Record<string, unknown>>;
};

/** A wallet of the account, kept in sync; `record` is what an earlier run saved. */
export function openWallet(
  account: HeldAccount,
  {
    walletId = "default",
    record,
  }: { walletId?: string; record?: DeviceRecord<Content<JsonValue>> | undefined } = {},
): SyncedWallet {
  const reports: ContactFailure[] = [];
  const sync = createSyncAccount4({
    account,
    walletId: walletId as never,
    format,
    onReport: (report) => reports.push(report),
  });
  const engine = createEngine({ format: contentFormatOf(format), rules: protocol4Rules });
  let saved = record ?? newDeviceRecord(format.empty, format.empty);
  let edits = 0;
  const driver = createDriver<Content<JsonValue>>({
    engine,
    state: engine.start(saved),
    store: {
      save: async (next) => {
        saved = next;
        return await Promise.resolve({ type: "saved" });
      },
    },
    clock: account.ports.clock,
    randomBytes: account.ports.randomBytes,
    onDefect: (error) => {
      throw error;
    },
  });
  driver.unlock(sync);
  return {
    driver,
    sync,
    reports,
    saved: () => saved,
    async edit(change) {
      const before = driver.state().record.local;
      const document = new Map(before.document as ReadonlyMap<string, JsonValue>);
      for (const [name, value] of Object.entries(change)) document.set(name, BigInt(value));
      const content = format.edit(before, document, 1);
      driver.dispatch({ type: "edited", editId: ++edits, content });
      await driver.whenQuiet();
    },
    async syncNow() {
      driver.dispatch({ type: "sync-wanted" });
      await driver.whenQuiet();
    },
    view: () =>
      Object.fromEntries(
        [...(driver.state().view.document as ReadonlyMap<string, JsonValue>)].map(
          ([name, value]) => [name, Number(value)],
        ),
      ),
  };
}

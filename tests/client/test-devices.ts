import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createDevice,
  Secret,
  type Device,
  type DeviceOptions,
  type DevicePorts,
} from "@holdfast/client";
import { systemClock, systemRandomBytes } from "@holdfast/client/browser";
import { openProtocolMemoryFolder } from "@holdfast/client/node";
import {
  addAccount,
  createAccount,
  emptyWallet,
  formatWalletFile,
  inspectWallet,
  parseWallet,
  setPreference,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import { openNodeSocket } from "../../packages/client/src/adapters/node/node-socket.ts";
import {
  nodeFileSteps,
  type FileSteps,
} from "../../packages/client/src/adapters/node/file-steps.ts";
import { openProfileFolder } from "../../packages/client/src/adapters/node/profile-folder.ts";
import { cheapScrypt } from "./cheap-scrypt.ts";

export const email = "joe@example.com";
export const password = new Secret("123abc2");

/** A clock that only this test moves: each look is a second later, so that no two edits are of one second. */
export function createTickingClock(startSeconds = 1_700_000_000): DevicePorts["clock"] {
  let seconds = startSeconds;
  return {
    nowMs: () => (seconds += 1) * 1000,
    sleep: async (ms, signal) => {
      await systemClock.sleep(ms, signal);
    },
  };
}

export type TestDevices = {
  readonly root: string;
  folder(name: string): string;
  open(name: string, settings?: OpenSettings): Device;
  /** A device that has registered or logged in to `server`. */
  registered(name: string, server: string, settings?: OpenSettings): Promise<Device>;
  loggedIn(name: string, server: string, settings?: OpenSettings): Promise<Device>;
  /** Writes a LBRY wallet file and gives its path. */
  walletFile(name: string, preferences?: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
};

export type OpenSettings = DeviceOptions & {
  readonly steps?: FileSteps;
  readonly clock?: DevicePorts["clock"];
  readonly walletPath?: string;
  readonly ports?: Partial<DevicePorts>;
};

export async function createTestDevices(): Promise<TestDevices> {
  const root = await mkdtemp(join(tmpdir(), "holdfast-client-"));
  const clock = createTickingClock();
  const folder = (name: string): string => join(root, name);
  const open = (name: string, settings: OpenSettings = {}): Device =>
    createDevice(
      {
        store: openProfileFolder(folder(name), settings.steps ?? nodeFileSteps),
        // Each device is a machine of its own.
        protocolMemory: openProtocolMemoryFolder(`${folder(name)}.used-with-protocol-4`),
        fetch,
        openSocket: openNodeSocket,
        scrypt: cheapScrypt,
        clock: settings.clock ?? clock,
        randomBytes: systemRandomBytes,
        ...settings.ports,
      },
      { timeoutMs: 10_000, lockWaitMs: 5_000, ...settings },
    );
  const account = (server: string, { walletPath }: OpenSettings = {}) => ({
    server,
    email,
    password,
    ...(walletPath !== undefined && { walletPath }),
  });
  return {
    root,
    folder,
    open,
    async registered(name, server, settings) {
      const device = open(name, settings);
      expectType(await device.register(account(server, settings)), "registered");
      expectType(await device.login(), "logged-in");
      return device;
    },
    async loggedIn(name, server, settings) {
      const device = open(name, settings);
      expectType(await device.login(account(server, settings)), "logged-in");
      return device;
    },
    async walletFile(name, preferences = {}) {
      const path = join(root, name);
      await writeFile(path, formatWalletFile(newWallet(preferences)), { mode: 0o600 });
      return path;
    },
    async remove() {
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A wallet with one fresh account. */
export function newWallet(preferences: Readonly<Record<string, string>> = {}): WalletDocument {
  const now = 1_600_000_000;
  let wallet = addAccount(
    emptyWallet(),
    createAccount({ name: "Main", now, randomBytes: systemRandomBytes }),
  );
  for (const [key, value] of Object.entries(preferences)) {
    wallet = setPreference(wallet, key, value, now);
  }
  return wallet;
}

/** Fails with the whole outcome when it is another than expected. */
export function expectType<Outcome extends { readonly type: string }, Type extends Outcome["type"]>(
  outcome: Outcome,
  type: Type,
): Extract<Outcome, { readonly type: Type }> {
  if (outcome.type !== type) {
    throw new Error(`expected ${type}, got ${JSON.stringify(outcome)}`);
  }
  return outcome as Extract<Outcome, { readonly type: Type }>;
}

/** The device's preferences as plain text values. */
export async function preferencesOf(device: Device): Promise<Record<string, unknown>> {
  const { preferences } = expectType(await device.listPreferences(), "preferences");
  return Object.fromEntries(preferences);
}

export async function walletOf(device: Device): Promise<WalletDocument> {
  return parseWallet(expectType(await device.exportWallet(), "exported").text);
}

export async function accountIdsOf(device: Device): Promise<string[]> {
  return inspectWallet(await walletOf(device))
    .accounts.map(({ id }) => id)
    .sort();
}

export async function syncedSequence(device: Device): Promise<number> {
  return expectType(await device.status(), "status").syncedSequence ?? NaN;
}

/** What of a device's wallet lies on disk. */
export async function readState(
  devices: TestDevices,
  name: string,
): Promise<{
  readonly contents: readonly string[];
  readonly record: Readonly<Record<string, unknown>>;
}> {
  const text = await readFile(join(devices.folder(name), "state.json"), "utf8");
  return JSON.parse(text) as Awaited<ReturnType<typeof readState>>;
}

/** What of a device's account lies on disk. */
export async function readProfile(
  devices: TestDevices,
  name: string,
): Promise<Record<string, unknown>> {
  const text = await readFile(join(devices.folder(name), "profile.json"), "utf8");
  return JSON.parse(text) as Record<string, unknown>;
}

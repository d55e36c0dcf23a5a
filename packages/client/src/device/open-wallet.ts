/**
 * The wallet of a device while one caller holds the profile: the engine over the record in the profile, and beside it the wallet file of
 * the person's own, if there is one (P3C-18). The record is what counts. The file is a peer that other programs may have written: what
 * changed in it since it was last seen is merged in like another device's edit, and it is written back when all is done.
 */
import { lbryFormat } from "@holdfast/wallet/lbry";
import { contentFormatOf } from "../driver/content-format.ts";
import { createDriver, type Driver, type DriverStep } from "../driver/create-driver.ts";
import { formatState, parseState } from "../driver/state-codec.ts";
import { beginAnew, createEngine, newDeviceRecord } from "../engine/index.ts";
import type { DeviceRecord } from "../engine/index.ts";
import type { LocalWalletUnusable, WalletFailure } from "../outcomes.ts";
import { sameName, type LbryContent } from "../protocol-3/revision-text.ts";
import { judgeOwner } from "../wallet-owner/wallet-owner.ts";
import type { DeviceSettings } from "./device-settings.ts";
import { holdWallet } from "./hold-wallet.ts";
import { anothersWallet } from "./left-wallet.ts";
import { readLinkedWallet, writeLinkedWallet, type WalletFile } from "./wallet-file.ts";
import type { WalletHolder } from "./wallet-holder.ts";

const format = contentFormatOf(lbryFormat);

export type OpenWallet = {
  readonly holder: WalletHolder;
  readonly driver: Driver<LbryContent>;
  readonly record: DeviceRecord<LbryContent>;
  /** whether there is something to push */
  readonly hasLocalChanges: boolean;
  readonly openConflicts: number;
  /** Hears of each step until the returned function is called. */
  observe(observer: (step: DriverStep<LbryContent>) => void): () => void;
  /** Puts another content in the place of the local one, durably. */
  edit(content: LbryContent): Promise<void>;
  /** Merges what a peer holds now into the wallet, against what it was last seen to hold; nothing seen: nothing counts as removed. */
  takeFrom(peer: string, content: LbryContent): Promise<void>;
  /** What a peer was last seen to hold. */
  peer(name: string): LbryContent | undefined;
  /** Remembers, durably, what a peer holds. */
  rememberPeer(peer: string, content: LbryContent): Promise<void>;
  /** Waits until nothing is under way; throws what the platform failed at. */
  whenQuiet(): Promise<void>;
};

/** Runs `work` on the device's wallet, and brings the wallet file up to date with what came of it. */
export async function withWallet<Outcome>(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
  work: (wallet: OpenWallet) => Promise<Outcome>,
): Promise<Outcome | WalletFailure> {
  return await holdWallet(
    settings,
    signal,
    async (holder): Promise<Outcome | WalletFailure> => await useWallet(holder, work),
  );
}

/** The same with the profile held already. `ignoresFile`: what the profile holds, whatever became of its wallet file. */
export async function useWallet<Outcome>(
  holder: WalletHolder,
  work: (wallet: OpenWallet) => Promise<Outcome>,
  { ignoresFile = false }: { readonly ignoresFile?: boolean } = {},
): Promise<Outcome | LocalWalletUnusable> {
  const state = await readState(holder);
  if (state.type !== "state") return state;
  const file = ignoresFile ? null : await readLinkedWallet(holder);
  if (file !== null && file.type !== "wallet-file") return file;
  const wallet = openWallet(holder, state);
  try {
    const peer = file === null ? null : `file:${file.path}`;
    if (file !== null && peer !== null && !isKnown(state.peers.get(peer), file.content))
      await wallet.takeFrom(peer, file.content);
    const outcome = await work(wallet);
    if (file === null || peer === null) return outcome;
    const written = await bringUpToDate(wallet, file, peer);
    return written.type === "up-to-date" ? outcome : written;
  } finally {
    wallet.driver.stop();
  }
}

function isEmpty(content: LbryContent): boolean {
  return lbryFormat.equal(sameName(lbryFormat.empty, content), lbryFormat.empty);
}

function isKnown(seen: LbryContent | undefined, content: LbryContent): boolean {
  return seen !== undefined && lbryFormat.equal(seen, content);
}

async function bringUpToDate(
  wallet: OpenWallet,
  file: WalletFile,
  peer: string,
): Promise<{ readonly type: "up-to-date" } | LocalWalletUnusable> {
  const { local } = wallet.record;
  if (!lbryFormat.equal(local, file.content)) {
    const written = await writeLinkedWallet(wallet.holder, file, local);
    if (written.type !== "written") return written;
  }
  await wallet.rememberPeer(peer, local);
  return { type: "up-to-date" };
}

type State = {
  readonly type: "state";
  readonly record: DeviceRecord<LbryContent>;
  readonly peers: ReadonlyMap<string, LbryContent>;
};

/** What the profile holds; what is nobody's, and nothing at all, is a wallet that never synced. */
async function readState(holder: WalletHolder): Promise<State | LocalWalletUnusable> {
  const text = await holder.readState();
  const { empty } = lbryFormat;
  if (text === null)
    return { type: "state", record: newDeviceRecord(empty, empty), peers: new Map() };
  const read = parseState(text, lbryFormat);
  if (read.type === "damaged") {
    return {
      type: "local-wallet-unusable",
      reason: read.isNewer ? "newer-version" : "malformed",
      location: holder.ports.store.describe("state"),
      detail: read.detail,
    };
  }
  const { owner, record, peers } = read.state;
  switch (judgeOwner(owner, holder.owner)) {
    case "own":
      return { type: "state", record, peers };
    case "free":
      return { type: "state", record: beginAnew(record, empty), peers: new Map() };
    case "another's":
      return anothersWallet(holder.ports, owner);
  }
}

/** A wallet is open for one call: whoever calls again decides when. */
async function untilAborted(_: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  signal?.addEventListener("abort", () => {
    resolve(undefined);
  });
  await promise;
}

function openWallet(holder: WalletHolder, state: State): OpenWallet {
  const { ports, owner, rules } = holder;
  const engine = createEngine({ format, rules });
  const observers = new Set<(step: DriverStep<LbryContent>) => void>();
  let peers = state.peers;
  let savedPeers = state.peers;
  let defect: { readonly error: unknown } | null = null;
  let edits = 0;

  const save = async (record: DeviceRecord<LbryContent>): Promise<void> => {
    const saving = peers;
    await holder.writeState(formatState({ record, owner, peers: saving }, lbryFormat));
    savedPeers = saving;
  };

  const driver = createDriver<LbryContent>({
    engine,
    state: engine.start(state.record),
    store: {
      async save(record) {
        await save(record);
        return { type: "saved" };
      },
    },
    clock: { ...ports.clock, sleep: untilAborted },
    randomBytes: ports.randomBytes,
    onStep: (step) => {
      for (const observe of observers) observe(step);
    },
    onDefect: (error) => {
      defect ??= { error };
    },
  });

  const wallet: OpenWallet = {
    holder,
    driver,
    get record() {
      return driver.state().record;
    },
    get hasLocalChanges() {
      return driver.state().differs;
    },
    get openConflicts() {
      return lbryFormat.conflictCount(driver.state().record.local);
    },

    observe(observer) {
      observers.add(observer);
      return () => {
        observers.delete(observer);
      };
    },

    async edit(content) {
      edits += 1;
      driver.dispatch({ type: "edited", editId: edits, content });
      await wallet.whenQuiet();
    },

    async takeFrom(peer, content) {
      const { local } = wallet.record;
      const base = peers.get(peer) ?? lbryFormat.empty;
      const merged = lbryFormat.grow(content, lbryFormat.merge(base, local, content));
      peers = new Map(peers).set(peer, content);
      // A wallet that holds nothing but its name takes the name of the first that holds more.
      const isNameOnly = isEmpty(local) && lbryFormat.equal(sameName(local, content), local);
      if (isNameOnly || lbryFormat.equal(merged, local)) return;
      await wallet.edit(merged);
    },

    peer: (name) => peers.get(name),

    async rememberPeer(peer, content) {
      peers = new Map(peers).set(peer, content);
      if (!isKnown(savedPeers.get(peer), content)) await save(wallet.record);
    },

    async whenQuiet() {
      await driver.whenQuiet();
      if (defect !== null) throw defect.error;
    },
  };
  return wallet;
}

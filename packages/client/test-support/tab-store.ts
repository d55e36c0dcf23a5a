import type { HeldStore, StoreSlot, WalletStore } from "../src/ports/wallet-store.ts";
import { openTabChannel, takeTabLock } from "../src/adapters/browser/tab-peers.ts";

/** What all tabs of one device share. */
export type TabMemory = {
  readonly name: string;
  readonly texts: Map<StoreSlot, string>;
  /** null: writes work; a promise: they wait for it */
  hold: Promise<unknown> | null;
  /** the writer hears nothing of its writes, which are made */
  isSilent: boolean;
};

let made = 0;

export function createTabMemory(): TabMemory {
  made += 1;
  return {
    name: `tabs ${String(process.pid)} ${String(made)}`,
    texts: new Map(),
    hold: null,
    isSilent: false,
  };
}

/** A tab's store with the browser's real locks and channels, and memory in the place of its database. */
export type TabStore = WalletStore & {
  /** The tab is gone from one instant to the next: it writes and says nothing more, and its lock is free. */
  crash(): void;
};

export function openTabStore(memory: TabMemory): TabStore {
  const dead = new AbortController();
  const lockName = `${memory.name} leader`;
  const forEver = Promise.withResolvers<never>().promise;
  let release = (): void => undefined;

  const hold = (lock: { release(): void }): HeldStore => {
    release = () => {
      lock.release();
    };
    return {
      load: async (slot) => {
        const text = memory.texts.get(slot);
        return await Promise.resolve(
          text === undefined ? { type: "none" } : { type: "text", text },
        );
      },
      save: async (slot, text) => {
        await memory.hold;
        if (dead.signal.aborted) return await forEver;
        memory.texts.set(slot, text);
        return memory.isSilent ? await forEver : { type: "saved" };
      },
      release: async () => {
        release();
        await Promise.resolve();
      },
    };
  };

  const take = async (wait: "now" | AbortSignal) => {
    const lock = await takeTabLock(lockName, wait);
    return lock === null
      ? ({ type: "led-by-another" } as const)
      : ({ type: "leading", store: hold(lock) } as const);
  };

  return {
    location: memory.name,
    lead: async () => await take("now"),
    peers: {
      waitToLead: async (signal) => await take(AbortSignal.any([signal, dead.signal])),
      openChannel(onMessage) {
        const channel = openTabChannel(memory.name, (message) => {
          if (!dead.signal.aborted) onMessage(message);
        });
        dead.signal.addEventListener("abort", () => {
          channel.close();
        });
        return {
          post(message) {
            if (!dead.signal.aborted) channel.post(message);
          },
          close() {
            channel.close();
          },
        };
      },
    },
    crash() {
      dead.abort();
      release();
    },
  };
}

/** The durable memory of a wallet client in a browser: IndexedDB, one leader among the tabs of the origin. */
import type { LeadOutcome, WalletStore } from "../../ports/wallet-store.ts";
import { explain, holdDatabase, openDeviceDatabase } from "./device-database.ts";
import { openTabChannel, takeTabLock, type TabLock } from "./tab-peers.ts";

/** `name` names the device's database within the origin. It holds the wallet in the clear, like everything a page stores. */
export function openWalletDatabase(name: string): WalletStore {
  const lockName = `${name} leader`;
  return {
    location: `the browser's database “${name}”`,
    lead: async () => await leadWith(name, await takeTabLock(lockName, "now")),
    peers: {
      waitToLead: async (signal) => await leadWith(name, await takeTabLock(lockName, signal)),
      openChannel: (onMessage) => openTabChannel(`${name} tabs`, onMessage),
    },
  };
}

async function leadWith(name: string, lock: TabLock | null): Promise<LeadOutcome> {
  if (lock === null) return { type: "led-by-another" };
  const opened = await openDeviceDatabase(name);
  if (opened.type !== "open") {
    lock.release();
    return opened;
  }
  try {
    const release = (): void => {
      lock.release();
    };
    return { type: "leading", store: await holdDatabase(opened.database, release) };
  } catch (error) {
    opened.database.close();
    lock.release();
    return { type: "unusable", detail: explain(error) };
  }
}

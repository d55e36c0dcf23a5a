/**
 * Tabs of one origin among each other: a Web Lock says who leads, and dies with its tab however that ends; a
 * BroadcastChannel carries what they say.
 */
import type { Channel } from "../../ports/wallet-store.ts";

export type TabLock = { release(): void };

/** The lock, or null: somebody holds it (`"now"`), or the signal aborted before its turn came. */
export async function takeTabLock(
  name: string,
  wait: "now" | AbortSignal,
): Promise<TabLock | null> {
  const taken = Promise.withResolvers<TabLock | null>();
  const released = Promise.withResolvers<undefined>();
  const hold = async (lock: Lock | null): Promise<void> => {
    if (lock === null) {
      taken.resolve(null);
      return;
    }
    taken.resolve({
      release: () => {
        released.resolve(undefined);
      },
    });
    await released.promise;
  };
  const options = wait === "now" ? { ifAvailable: true } : { signal: wait };
  navigator.locks.request(name, options, hold).catch((error: unknown) => {
    if (wait !== "now" && wait.aborted) taken.resolve(null);
    else taken.reject(error);
  });
  return await taken.promise;
}

/** What one tab posts all others get, in its order. */
export function openTabChannel(name: string, onMessage: (message: unknown) => void): Channel {
  const channel = new BroadcastChannel(name);
  channel.addEventListener("message", ({ data }) => {
    onMessage(data);
  });
  return {
    post(message) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it reaches its own origin only
      channel.postMessage(message);
    },
    close() {
      channel.close();
    },
  };
}

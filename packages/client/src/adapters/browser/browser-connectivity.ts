import type { Connectivity } from "../../ports/connectivity.ts";

/** The browser's word on whether there is a network. */
export const browserConnectivity: Connectivity = {
  isOnline: () => navigator.onLine,
  listen(listener) {
    const onOnline = (): void => {
      listener(true);
    };
    const onOffline = (): void => {
      listener(false);
    };
    addEventListener("online", onOnline);
    addEventListener("offline", onOffline);
    return () => {
      removeEventListener("online", onOnline);
      removeEventListener("offline", onOffline);
    };
  },
};

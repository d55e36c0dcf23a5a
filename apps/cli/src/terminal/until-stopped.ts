/**
 * Runs `work` until it ends by itself or the person asks it to end (Ctrl-C, SIGTERM, a closed terminal): then `signal`
 * aborts, and `work` has the time it needs to finish. A second request ends the process at once.
 */
export async function untilStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
  }
}

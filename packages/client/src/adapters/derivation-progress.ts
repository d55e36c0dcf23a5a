/**
 * Progress of a scrypt run, which itself reports none: the time so far beside the time this machine will probably
 * need. The estimate comes from a run a 64th as long just before; scrypt's time grows with N·r·p.
 */
import type { DerivationProgress, ScryptParams } from "../ports/scrypt.ts";

const reportEveryMs = 200;

/** Runs `derive` for `params`, reporting every 200 ms to `onProgress`; short runs report nothing. */
export async function withDerivationProgress(
  params: ScryptParams,
  derive: (params: ScryptParams) => Promise<Uint8Array>,
  onProgress?: (progress: DerivationProgress) => void,
): Promise<Uint8Array> {
  if (onProgress === undefined) return await derive(params);
  const estimatedMs = await estimate(params, derive);
  const startedMs = performance.now();
  const report = (): void => {
    onProgress({ elapsedMs: performance.now() - startedMs, estimatedMs });
  };
  report();
  const timer = setInterval(report, reportEveryMs);
  try {
    return await derive(params);
  } finally {
    clearInterval(timer);
    report();
  }
}

async function estimate(
  params: ScryptParams,
  derive: (params: ScryptParams) => Promise<Uint8Array>,
): Promise<number | null> {
  const share = 64;
  if (params.N < share * 1024) return null;
  const startedMs = performance.now();
  await derive({ ...params, N: params.N / share });
  return (performance.now() - startedMs) * share;
}

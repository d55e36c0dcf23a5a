import { randomBytes } from "node:crypto";
import autocannon from "autocannon";
import type { ChildServer } from "./child-server.ts";
import { max } from "./figures.ts";

export interface WriteFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly serverErrors: number;
  /** Of the server's process, all threads. */
  readonly cpuMicrosecondsEach: number;
  /** Of the load generator, which is this process. */
  readonly loadMicrosecondsEach: number;
}

/** Where each account's sequence stands; the benchmark's writers are the only ones. */
export type Sequences = Map<string, number>;

const encryptedWallet = randomBytes((8 * 1024 * 3) / 4).toString("base64");
const hmac = randomBytes(32).toString("hex");

/**
 * One writer per token, each POSTing its account's next 8 KiB wallet as soon as the last one was acknowledged.
 * Throws when a wallet is refused: every writer is alone on its account, so each of its writes must win.
 */
export async function measureWrites(
  server: ChildServer,
  tokens: readonly string[],
  sequences: Sequences,
  seconds: number,
): Promise<WriteFigures> {
  let nextWriter = 0;
  const latenciesMs: number[] = [];
  let serverErrors = 0;
  const refusals: number[] = [];
  const cpuBefore = await server.cpuMicroseconds();
  const loadBefore = process.cpuUsage();
  const result = await autocannon({
    url: `${server.url}/api/3/wallet`,
    method: "POST",
    connections: tokens.length,
    duration: seconds,
    setupClient(client) {
      const token = tokens[nextWriter++] ?? "";
      const prepare = (): void => {
        const sequence = (sequences.get(token) ?? 0) + 1;
        // None of it needs escapes, and the less the load costs the more is left for the server.
        client.setBody(
          `{"token":"${token}","encryptedWallet":"${encryptedWallet}","sequence":${sequence},"hmac":"${hmac}"}`,
        );
      };
      client.on("response", (status, _bytes, milliseconds) => {
        if (status === 200) latenciesMs.push(milliseconds);
        else if (status >= 500) serverErrors += 1;
        else refusals.push(status);
        // A write that was in flight when the last round ended was stored unheard: 409, and the next one fits.
        if (status < 500) sequences.set(token, (sequences.get(token) ?? 0) + 1);
        prepare();
      });
      prepare();
    },
  });
  const load = process.cpuUsage(loadBefore);
  const cpu = (await server.cpuMicroseconds()) - cpuBefore;
  if (refusals.length > tokens.length || result.errors > 0) {
    throw new Error(
      `${refusals.length} refusals (${refusals[0] ?? "none"}), ${result.errors} errors`,
    );
  }
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number): number =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ??
    Number.NaN;
  return {
    perSecond: latenciesMs.length / result.duration,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: max(latenciesMs.slice(-1)),
    serverErrors,
    cpuMicrosecondsEach: cpu / latenciesMs.length,
    loadMicrosecondsEach: (load.user + load.system) / latenciesMs.length,
  };
}

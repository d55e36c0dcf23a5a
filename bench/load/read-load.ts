import autocannon from "autocannon";
import type { ChildServer } from "./child-server.ts";

export interface ReadFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server's process, all threads. */
  readonly cpuMicrosecondsEach: number;
  /** Of the load generator, which is this process. */
  readonly loadMicrosecondsEach: number;
}

/** GETs `/api/3/wallet` over `connections` sockets for `seconds`. Throws when anything but a 200 comes back. */
export async function measureReads(
  server: ChildServer,
  tokens: readonly string[],
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<ReadFigures> {
  let next = 0;
  const cpuBefore = await server.cpuMicroseconds();
  const loadBefore = process.cpuUsage();
  const result = await autocannon({
    url: `${server.url}/api/3/wallet`,
    connections,
    duration: seconds,
    setupClient(client) {
      const token = tokens[next++ % tokens.length] ?? "";
      client.setHeaders({ authorization: `Bearer ${token}` });
    },
  });
  const load = process.cpuUsage(loadBefore);
  const cpu = (await server.cpuMicroseconds()) - cpuBefore;
  const answered = result["2xx"];
  if (result.non2xx > 0 || result.errors > 0 || answered === 0) {
    throw new Error(`${result.non2xx} refusals and ${result.errors} errors while reading`);
  }
  return {
    perSecond: answered / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMicrosecondsEach: cpu / answered,
    loadMicrosecondsEach: (load.user + load.system) / answered,
  };
}

/**
 * Requests and their latency by method, route and kind of status, in Prometheus' text format. Written by hand because
 * it runs for every request: an increment here costs a tenth of what a general library asks.
 */

/** Seconds; a wallet takes well under a millisecond, a password check a tenth of a second. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface Latency {
  /** How many took at most as long as the bucket of the same index says; the last is for all that took longer. */
  readonly counts: number[];
  sumSeconds: number;
}

/** Index: the status' first digit. */
type RouteCounts = (Latency | undefined)[];

export interface RequestCounts {
  count(method: string, route: string, status: number, durationMs: number): void;
  text(): string;
}

export function createRequestCounts(): RequestCounts {
  const byRoute = new Map<string, Map<string, RouteCounts>>();

  return {
    count(method, route, status, durationMs) {
      let byMethod = byRoute.get(route);
      if (byMethod === undefined) byRoute.set(route, (byMethod = new Map<string, RouteCounts>()));
      let kinds = byMethod.get(method);
      if (kinds === undefined) byMethod.set(method, (kinds = []));
      const kind = Math.trunc(status / 100);
      const latency = (kinds[kind] ??= {
        counts: Array(BUCKETS.length + 1).fill(0),
        sumSeconds: 0,
      });
      const seconds = durationMs / 1000;
      latency.sumSeconds += seconds;
      let bucket = 0;
      while (seconds > (BUCKETS[bucket] ?? Infinity)) bucket += 1;
      latency.counts[bucket] = (latency.counts[bucket] ?? 0) + 1;
    },

    text() {
      const totals: string[] = [];
      const latencies: string[] = [];
      for (const [route, byMethod] of byRoute) {
        for (const [method, kinds] of byMethod) {
          const labels = `method="${method}",endpoint="${route}"`;
          let total = 0;
          for (const [kind, latency] of kinds.entries()) {
            if (latency === undefined) continue;
            total += sum(latency.counts);
            latencies.push(...latencyLines(`${labels},status="${kind}xx"`, latency));
          }
          totals.push(`wallet_sync_requests_count{${labels}} ${total}`);
        }
      }
      return [
        "# HELP wallet_sync_requests_count Requests to the endpoints of the wallet sync API",
        "# TYPE wallet_sync_requests_count counter",
        ...totals,
        "# HELP holdfast_request_duration_seconds From the request's headers to the answer's end",
        "# TYPE holdfast_request_duration_seconds histogram",
        ...latencies,
        "",
      ].join("\n");
    },
  };
}

function latencyLines(labels: string, { counts, sumSeconds }: Latency): string[] {
  const name = "holdfast_request_duration_seconds";
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    return `${name}_bucket{${labels},le="${BUCKETS[index] ?? "+Inf"}"} ${total}`;
  });
  return [...buckets, `${name}_sum{${labels}} ${sumSeconds}`, `${name}_count{${labels}} ${total}`];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

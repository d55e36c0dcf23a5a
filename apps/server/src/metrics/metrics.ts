/**
 * What the server counts, in Prometheus' format (P3-70): the original's two counters by their names, the latency of
 * requests, open sockets, and the process. Labels come from tables of ours, so their number is bounded.
 */
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { createRequestCounts } from "./request-counts.ts";

export interface Metrics {
  countRequest(method: string, route: string, status: number, durationMs: number): void;
  countError(type: string): void;
  text(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Counters of one server. `openSockets` is asked whenever the metrics are read. */
export function createMetrics(openSockets: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = createRequestCounts();

  const errors = new Counter({
    name: "wallet_sync_error_count",
    help: "Errors of various kinds",
    labelNames: ["error_type"],
    registers: [registry],
  });
  const sockets: Gauge = new Gauge({
    name: "holdfast_open_sockets",
    help: "Open WebSockets",
    registers: [],
    collect: () => sockets.set(openSockets()),
  });
  registry.registerMetric(sockets);

  return {
    countRequest: (...request) => requests.count(...request),
    countError: (type) => errors.inc({ error_type: type }),
    text: async () => ({
      contentType: registry.contentType,
      text: `${requests.text()}${await registry.metrics()}`,
    }),
  };
}

/**
 * What the server counts, in Prometheus' format (P3-70): the original's two counters by their names, the latency of
 * requests, open sockets, and the process. Labels come from tables of ours, so their number is bounded.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Seconds; a wallet takes well under a millisecond, a password check a tenth of a second. */
const LATENCY_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
];

export interface Metrics {
  countRequest(method: string, route: string, status: number, durationMs: number): void;
  countError(type: string): void;
  text(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Counters of one server. `openSockets` is asked whenever the metrics are read. */
export function createMetrics(openSockets: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: "wallet_sync_requests_count",
    help: "Requests to the endpoints of the wallet sync API",
    labelNames: ["method", "endpoint"],
    registers,
  });
  const errors = new Counter({
    name: "wallet_sync_error_count",
    help: "Errors of various kinds",
    labelNames: ["error_type"],
    registers,
  });
  const latency = new Histogram({
    name: "holdfast_request_duration_seconds",
    help: "From the request's headers to the answer's last byte",
    labelNames: ["method", "endpoint", "status"],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const sockets: Gauge = new Gauge({
    name: "holdfast_open_sockets",
    help: "Open WebSockets",
    registers: [],
    collect: () => sockets.set(openSockets()),
  });
  registry.registerMetric(sockets);

  return {
    countRequest(method, endpoint, status, durationMs) {
      requests.inc({ method, endpoint });
      latency.observe(
        { method, endpoint, status: `${Math.trunc(status / 100)}xx` },
        durationMs / 1000,
      );
    },
    countError: (type) => errors.inc({ error_type: type }),
    text: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

/**
 * What a request leaves behind: one count and one line in the log. The line names the route, never the URL, whose query
 * may hold a token (P3-6). Reads that succeed are logged at `debug` only, because they are the many.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpServices } from "./services.ts";

/** An `onResponse` hook for the route of this name. */
export type Observe = (
  route: string,
) => (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

export function createObserve({ counters, log }: Pick<HttpServices, "counters" | "log">): Observe {
  return (route) => (request, reply, done) => {
    const { method } = request;
    const { statusCode: status, elapsedTime } = reply;
    counters.countRequest(method, route, status, elapsedTime);
    const level = method === "GET" && status < 400 ? "debug" : "info";
    if (log.isLevelEnabled(level)) {
      const durationMs = Math.round(elapsedTime * 100) / 100;
      log[level]({ requestId: request.id, method, route, status, durationMs }, "request");
    }
    done();
  };
}

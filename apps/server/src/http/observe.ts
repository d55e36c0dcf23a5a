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

type Leaves = Pick<HttpServices, "counters" | "log">;

export function createObserve(services: Leaves): Observe {
  return (route) => (request, reply, done) => {
    leaveTrace(services, route, request, reply.statusCode, reply.elapsedTime);
    done();
  };
}

/** What the hook does, for a route that is too busy to wait for the last byte. */
export function leaveTrace(
  { counters, log }: Leaves,
  route: string,
  request: FastifyRequest,
  status: number,
  elapsedMs: number,
): void {
  const { method } = request;
  counters.countRequest(method, route, status, elapsedMs);
  const level = method === "GET" && status < 400 ? "debug" : "info";
  if (log.isLevelEnabled(level)) {
    const durationMs = Math.round(elapsedMs * 100) / 100;
    log[level]({ requestId: request.id, method, route, status, durationMs }, "request");
  }
}

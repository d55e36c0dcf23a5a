/**
 * What a request leaves behind: one count and one line in the log. The line names the route, never the URL, whose query
 * may hold a token (P3-6). Reads that succeed are logged at `debug` only, because they are the many.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Awaitable } from "../awaitable.ts";
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

/**
 * A handler that leaves its route's trace by itself, for the route that is asked most: a hook and its two listeners would
 * cost a seventh of it. The time it tells is that until the answer was handed to the network.
 */
export function traced(
  services: Leaves,
  route: string,
  handle: (request: FastifyRequest, reply: FastifyReply) => Awaitable<unknown>,
): (request: FastifyRequest, reply: FastifyReply) => unknown {
  return (request, reply) => {
    const startedAtMs = performance.now();
    const leave = (): void =>
      leaveTrace(services, route, request, reply.statusCode, performance.now() - startedAtMs);
    const leaveLater = (error: unknown): never => {
      // The error handler is yet to choose the status.
      reply.raw.once("close", leave);
      throw error;
    };
    try {
      const answered = handle(request, reply);
      if (answered instanceof Promise) return answered.then(leave, leaveLater);
      leave();
      return undefined;
    } catch (error) {
      return leaveLater(error);
    }
  };
}

function leaveTrace(
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

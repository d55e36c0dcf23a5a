/** The HTTP side: one Fastify instance with every route, and the answers for what no route knows (P3-7, P3-8). */
import { createServer } from "node:http";
import { endpoints3, PROTOCOL_3_BASE_PATH, type RefusalCode3 } from "@holdfast/protocol";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { ServerError } from "../server-error.ts";
import { refuse } from "./answer.ts";
import { refuseConnection } from "./client-error.ts";
import { addCors } from "./cors.ts";
import { addHealth } from "./health.ts";
import { acceptJsonBodies } from "./json-body.ts";
import { createObserve, type Observe } from "./observe.ts";
import { addOpenApi } from "./openapi/openapi-route.ts";
import type { HttpServices } from "./services.ts";
import { addClientSaltSeed } from "./v3/client-salt-seed.ts";
import { addLogIn } from "./v3/log-in.ts";
import { addPassword } from "./v3/password.ts";
import { createQuickRead } from "./v3/quick-read.ts";
import { addSignUp } from "./v3/sign-up.ts";
import { addVerification } from "./v3/verification.ts";
import { addWallet } from "./v3/wallet.ts";
import { addWebSocket, isSocketUpgrade } from "./v3/web-socket.ts";
import { isEventsUpgrade } from "./v4/event-routes.ts";
import { addProtocol4 } from "./v4/protocol-4.ts";
import type { Services4 } from "./v4/services-4.ts";

export interface HttpOptions {
  /** Proxies whose `X-Forwarded-For` is believed: addresses, networks, or the names of `proxy-addr`. None by default. */
  readonly trustedProxies: readonly string[];
  /** Until a request's headers must be complete. */
  readonly headersTimeoutMs: number;
  /** Until a request must be complete. */
  readonly requestTimeoutMs: number;
  /** Longest silence on a connection that is no WebSocket. */
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
}

export function createApp(
  services: HttpServices,
  protocol4: Services4,
  options: HttpOptions,
): FastifyInstance {
  const { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, trustedProxies } = options;
  const quickRead = createQuickRead(services);
  let isClosing = false;
  const app = Fastify({
    serverFactory: (handle) => {
      const server = createServer(
        {
          headersTimeout: headersTimeoutMs,
          connectionsCheckingInterval: Math.min(headersTimeoutMs, 5_000),
          keepAliveTimeout: idleTimeoutMs,
          requestTimeout: requestTimeoutMs,
          shouldUpgradeCallback: (request) => isSocketUpgrade(request) || isEventsUpgrade(request),
        },
        // While the app closes, it tells each client that its connection ends.
        (request, response) => {
          if (isClosing || !quickRead(request, response)) handle(request, response);
        },
      );
      server.maxConnections = options.maxConnections;
      return server.setTimeout(idleTimeoutMs);
    },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    clientErrorHandler: (error, socket) => {
      services.counters.countError("malformed-http");
      refuseConnection(error, socket);
    },
    frameworkErrors: (_error, _request, reply) => void refuse(reply as FastifyReply, "bad-request"),
    return503OnClosing: false,
    routerOptions: { caseSensitive: true },
    exposeHeadRoutes: false,
  });
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  const observe = createObserve(services);

  acceptJsonBodies(app);
  addNotFound(app, observe("other"));
  addErrors(app, services);
  addCors(app);
  addHealth(app, services);
  addSignUp(app, services, observe);
  addLogIn(app, services, observe);
  addClientSaltSeed(app, services, observe);
  addWallet(app, services, observe);
  addPassword(app, services, observe);
  addVerification(app, services, observe);
  addWebSocket(app, services, observe);
  addProtocol4(app, protocol4);
  addOpenApi(app, observe);
  return app;
}

const knownPaths = new Set<string>(Object.values(endpoints3));

/** Why no route took a request. */
export function explainNotFound(url: string): RefusalCode3 {
  const path = url.split("?", 1)[0] ?? "";
  if (knownPaths.has(path)) return "method-not-allowed";
  if (path === PROTOCOL_3_BASE_PATH || path.startsWith(`${PROTOCOL_3_BASE_PATH}/`)) {
    return "unknown-endpoint";
  }
  return path === "/api" || path.startsWith("/api/") ? "wrong-version" : "not-found";
}

function addNotFound(app: FastifyInstance, observed: ReturnType<Observe>): void {
  app.setNotFoundHandler(async (request: FastifyRequest, reply) => {
    refuse(reply, explainNotFound(request.url));
    observed(request, reply, () => undefined);
    return reply;
  });
}

function addErrors(app: FastifyInstance, { counters, log }: HttpServices): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    // Without a route the body was of no interest.
    if (request.is404) return refuse(reply, explainNotFound(request.url));
    if (error.statusCode === 413) return refuse(reply, "body-too-large");
    if (error instanceof ServerError && error.code === "store-busy") {
      counters.countError("busy");
      return refuse(reply, "busy");
    }
    // The body ended early or was not as long as announced: nobody is left to read a better answer.
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return refuse(reply, "bad-request");
    }
    counters.countError("internal");
    const route = request.routeOptions.url;
    log.error(
      { requestId: request.id, method: request.method, route, err: error },
      "request failed",
    );
    return refuse(reply.header("x-request-id", request.id), "internal");
  });
}

/** Protocol 4 below /api/4: routes, bodies, and the answers for what no route knows (P4-1 …). */
import { CryptoError } from "@holdfast/crypto/verify";
import {
  limits4,
  operations4,
  PROTOCOL_4_BASE_PATH,
  signedRequestHeaders,
} from "@holdfast/protocol/protocol-4";
import type { FastifyInstance, FastifyReply } from "fastify";
import { ServerError } from "../../server-error.ts";
import { createObserve } from "../observe.ts";
import { addAccountRoutes } from "./account-routes.ts";
import { addCredentialRoutes } from "./credential-routes.ts";
import { addEventRoutes } from "./event-routes.ts";
import { addHostRoutes } from "./host-routes.ts";
import { addMfaRoutes } from "./mfa-routes.ts";
import { addPairingRoutes } from "./pairing-routes.ts";
import { encodeProblem, type Problem4 } from "./problem.ts";
import { addRegistrationRoutes } from "./registration-routes.ts";
import { createAddRoute, sendEncoded } from "./route.ts";
import type { Services4 } from "./services-4.ts";
import { addSessionRoutes } from "./session-routes.ts";
import { addUpgradeRoutes } from "./upgrade-routes.ts";
import { addWalletRoutes } from "./wallet-routes.ts";

const PREFLIGHT_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
  "access-control-allow-headers": [
    "Authorization",
    "Content-Type",
    "If-None-Match",
    signedRequestHeaders.nonce,
    signedRequestHeaders.signature,
  ].join(", "),
  "access-control-max-age": "86400",
};

export function addProtocol4(app: FastifyInstance, services: Services4): void {
  void app.register(
    (scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        "*",
        { parseAs: "buffer", bodyLimit: limits4.bodyBytes },
        (_request, body, parsed) => parsed(null, body),
      );
      addFallbacks(scope, services);
      const addRoute = createAddRoute(scope, services, createObserve(services));
      addHostRoutes(addRoute, services);
      addRegistrationRoutes(addRoute, services);
      addSessionRoutes(addRoute, services);
      addAccountRoutes(addRoute, services);
      addCredentialRoutes(addRoute, services);
      addWalletRoutes(addRoute, services);
      addMfaRoutes(addRoute, services);
      addPairingRoutes(addRoute, services);
      addUpgradeRoutes(addRoute, services);
      addEventRoutes(scope, addRoute, services);
      scope.options("/*", (_request, reply) => reply.code(204).headers(PREFLIGHT_HEADERS).send());
      done();
    },
    { prefix: PROTOCOL_4_BASE_PATH },
  );
}

const pathPatterns = Object.values(operations4).map(
  ({ path }) =>
    new RegExp(`^${PROTOCOL_4_BASE_PATH}${path.replaceAll(/:[a-zA-Z]+/g, "[^/]+")}$`, "u"),
);

function addFallbacks(scope: FastifyInstance, { counters, log }: Services4): void {
  const observed = createObserve({ counters, log })("4:other");

  scope.setNotFoundHandler(async (request, reply) => {
    refuse(reply, explainNotFound(request.url));
    observed(request, reply, () => undefined);
    return reply;
  });

  scope.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (request.is404) return refuse(reply, explainNotFound(request.url));
    if (error instanceof CryptoError && error.code === "malformed") {
      return refuse(reply, { problem: "malformed-request", detail: error.message });
    }
    if (error.statusCode === 413) {
      const { bodyLimit } = request.routeOptions;
      return refuse(reply, { problem: "too-large", members: { maxBytes: bodyLimit } });
    }
    if (error instanceof ServerError && error.code === "store-busy") {
      counters.countError("busy");
      return refuse(reply, { problem: "busy", retryAfterMs: 1000 });
    }
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return refuse(reply, { problem: "malformed-request" });
    }
    counters.countError("internal");
    const route = request.routeOptions.url;
    log.error(
      { requestId: request.id, method: request.method, route, err: error },
      "request failed",
    );
    return refuse(reply.header("x-request-id", request.id), { problem: "internal" });
  });
}

function explainNotFound(url: string): Problem4 {
  const path = url.split("?", 1)[0] ?? "";
  const isKnown = pathPatterns.some((pattern) => pattern.test(path));
  return { problem: isKnown ? "method-not-allowed" : "unknown-endpoint" };
}

function refuse(reply: FastifyReply, problem: Problem4): FastifyReply {
  return sendEncoded(reply, encodeProblem(problem));
}

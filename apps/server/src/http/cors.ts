/**
 * Wallet apps run in browsers, on origins a host cannot know (P3-9). Any origin may call the API, because nothing a browser
 * adds by itself opens anything: there are no cookies, and a token is in the query, the body or a header the app sets.
 */
import { PROTOCOL_3_BASE_PATH } from "@holdfast/protocol";
import type { FastifyInstance } from "fastify";

const PREFLIGHT_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-headers": "Authorization, Content-Type",
  "access-control-max-age": "86400",
};

export function addCors(app: FastifyInstance): void {
  app.options(`${PROTOCOL_3_BASE_PATH}/*`, (_request, reply) =>
    reply.code(204).headers(PREFLIGHT_HEADERS).send(),
  );
}

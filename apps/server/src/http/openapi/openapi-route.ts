import type { FastifyInstance } from "fastify";
import { sendJsonBytes } from "../answer.ts";
import type { Observe } from "../observe.ts";
import { describeApi } from "./describe-api.ts";

/** GET /api/openapi.json (P4-95). Made at the first request, once. */
export function addOpenApi(app: FastifyInstance, observe: Observe): void {
  let encoded: Buffer | undefined;
  app.get("/api/openapi.json", { onResponse: observe("openapi") }, (_request, reply) => {
    encoded ??= Buffer.from(JSON.stringify(describeApi()));
    return sendJsonBytes(reply, 200, encoded);
  });
}

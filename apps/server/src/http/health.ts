/** /healthz, /readyz and /metrics (P3-70, P3-71): for whoever runs the server, without the API's headers. */
import type { FastifyInstance } from "fastify";
import type { HttpServices } from "./services.ts";

export function addHealth(app: FastifyInstance, services: HttpServices): void {
  const { checkReady, metricsText, log } = services;
  let checking: Promise<void> | undefined;

  app.get("/healthz", (_request, reply) => reply.type("text/plain").send("ok\n"));

  app.get("/readyz", async (_request, reply) => {
    try {
      // Probes that come together share one look at the disk.
      checking ??= checkReady().finally(() => {
        checking = undefined;
      });
      await checking;
      return reply.type("text/plain").send("ready\n");
    } catch (error) {
      log.warn({ err: error }, "not ready");
      return reply.code(503).type("text/plain").send("not ready\n");
    }
  });

  app.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await metricsText();
    return reply.header("content-type", contentType).send(text);
  });
}

/** /healthz, /readyz and /metrics (P3-70, P3-71): for whoever runs the server, without the API's headers. */
import type { FastifyInstance } from "fastify";
import type { HttpServices } from "./services.ts";

export function addHealth(app: FastifyInstance, services: HttpServices): void {
  const { checkReady, metricsText, log } = services;
  let checking: Promise<void> | undefined;

  async function isReady(): Promise<boolean> {
    try {
      // Probes that come together share one look at the disk.
      checking ??= checkReady().finally(() => {
        checking = undefined;
      });
      await checking;
      return true;
    } catch (error) {
      log.warn({ err: error }, "not ready");
      return false;
    }
  }

  app.route({
    method: ["GET", "HEAD"],
    url: "/healthz",
    handler: (_request, reply) => reply.type("text/plain").send("ok\n"),
  });

  app.route({
    method: ["GET", "HEAD"],
    url: "/readyz",
    handler: async (_request, reply) => {
      const ready = await isReady();
      return reply
        .code(ready ? 200 : 503)
        .type("text/plain")
        .send(ready ? "ready\n" : "not ready\n");
    },
  });

  app.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await metricsText();
    return reply.header("content-type", contentType).send(text);
  });
}

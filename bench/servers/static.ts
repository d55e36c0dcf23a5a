/** The yardstick for reads: the same Fastify answering a body that never changes. */
import fastify from "fastify";
import { serveParent } from "../load/child-server.ts";

const body = Buffer.from(JSON.stringify({ encryptedWallet: "a".repeat(8 * 1024) }));
const server = fastify({ logger: false });
server.get("/api/3/wallet", (_request, reply) => {
  void reply.header("content-type", "application/json; charset=utf-8").send(body);
});
const url = await server.listen({ host: "127.0.0.1", port: 0 });
serveParent(url, () => server.close());

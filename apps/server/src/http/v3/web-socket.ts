/**
 * GET /websocket (P3-60 … P3-66). An upgrade is refused with the same answers as any other request. Once a socket is
 * registered, its session is looked up again: a password change may have ended it while the socket was being opened.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { endpoints3, limits3, type RefusalCode3 } from "@holdfast/protocol";
import type { FastifyInstance } from "fastify";
import { WebSocketServer, type WebSocket } from "ws";
import { encodedRefusal, encodeHttpRefusal, refuse } from "../answer.ts";
import { endConnection } from "../end-connection.ts";
import type { Observe } from "../observe.ts";
import type { HttpServices } from "../services.ts";
import { queryToken } from "../token.ts";

const LABEL = "websocket";

/** Which requests leave HTTP; any other wish to upgrade is ignored, as HTTP allows (P3-61). */
export function isSocketUpgrade(request: IncomingMessage): boolean {
  const path = request.url?.split("?", 1)[0];
  return path === endpoints3.websocket && request.headers.upgrade?.toLowerCase() === "websocket";
}

export function addWebSocket(app: FastifyInstance, services: HttpServices, observe: Observe): void {
  const { sessions, sockets, counters, log } = services;
  const upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits3.socketMessageBytes,
  });

  app.get(endpoints3.websocket, { onResponse: observe(LABEL) }, async (request, reply) => {
    const token = queryToken(request.query, request.raw);
    if (token === undefined) return refuse(reply, "missing-token");
    const session = await sessions.authenticate(token);
    return refuse(reply, session === undefined ? "token-not-found" : "not-a-websocket");
  });

  async function closeUnlessAlive(token: string, userId: number, opened: WebSocket): Promise<void> {
    try {
      const session = await sessions.authenticate(token);
      if (session === undefined) sockets.endSession(userId, opened);
    } catch {
      opened.terminate();
    }
  }

  /** The status with which the upgrade was answered. */
  async function answerUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<number> {
    const query = request.url?.split("?")[1] ?? "";
    const token = queryToken(Object.fromEntries(firstValues(query)), request);
    if (token === undefined) return refuseUpgrade(socket, "missing-token");
    const session = await sessions.authenticate(token);
    if (session === undefined) return refuseUpgrade(socket, "token-not-found");
    const { userId, expiresAtMs } = session;
    if (!sockets.hasRoomFor(userId)) {
      counters.countError("too-many-sockets");
      return refuseUpgrade(socket, "too-many-sockets");
    }

    let status = 400;
    upgrades.handleUpgrade(request, socket, head, (opened) => {
      status = 101;
      sockets.add({ userId, expiresAtMs, socket: opened });
      void closeUnlessAlive(token, userId, opened);
    });
    return status;
  }

  upgrades.on("wsClientError", (_error, socket) => refuseUpgrade(socket, "not-a-websocket"));

  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isSocketUpgrade(request)) return;
    const startedAtMs = performance.now();
    // A peer that goes away while its token is looked up is nobody's failure.
    socket.on("error", () => socket.destroy());
    answerUpgrade(request, socket, head)
      .catch((error: unknown) => {
        log.error({ err: error, route: LABEL }, "opening a socket failed");
        counters.countError("internal");
        return refuseUpgrade(socket, "internal");
      })
      .then((status) =>
        counters.countRequest("GET", LABEL, status, performance.now() - startedAtMs),
      )
      .catch((error: unknown) => log.error({ err: error }, "counting a request failed"));
  });
}

/** A query's parameters, the first value of each. */
function firstValues(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!values.has(name)) values.set(name, value);
  }
  return values;
}

function refuseUpgrade(socket: Duplex, code: RefusalCode3): number {
  endConnection(socket, encodeHttpRefusal(code));
  return encodedRefusal(code).status;
}

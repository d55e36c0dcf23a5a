/**
 * The events socket and its tickets (P4-80 …). Nothing that opens anything is in the URL: the first message says whose socket
 * it is. Once a socket is registered, its session is looked up again, because it may have ended while the socket was being
 * opened; only then it is told where everything stands.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  EVENTS_PATH_4,
  limits4,
  operations4,
  socketCloseCodes4,
  socketGreeting,
  type SocketGreeting,
  type TicketAnswer,
} from "@holdfast/protocol/protocol-4";
import type { FastifyInstance } from "fastify";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { encodeHead } from "./encode.ts";
import type { AddRoute } from "./route.ts";
import type { Services4 } from "./services-4.ts";
import { parseStrictJson } from "./strict-json.ts";

const LABEL = "4:events";

/** Which requests open an events socket. */
export function isEventsUpgrade(request: IncomingMessage): boolean {
  const path = request.url?.split("?", 1)[0];
  return path === EVENTS_PATH_4 && request.headers.upgrade?.toLowerCase() === "websocket";
}

export function addEventRoutes(
  app: FastifyInstance,
  addRoute: AddRoute,
  services: Services4,
): void {
  const { deviceSessions, tickets, accountLife, events, counters, log } = services;
  const upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits4.socketMessageBytes,
  });

  addRoute({
    operation: operations4.createTicket,
    label: "events-ticket",
    async handle({ session: { sessionId }, bearer = "" }) {
      const { handle, expiresAtMs } = tickets.add({ token: bearer, sessionId });
      const answer: TicketAnswer = { ticket: handle, expiresAt: expiresAtMs };
      return { status: 200, body: answer };
    },
  });

  async function register(socket: WebSocket, greeting: SocketGreeting): Promise<void> {
    const token = "token" in greeting ? greeting.token : tickets.take(greeting.ticket)?.token;
    const session = token && (await deviceSessions.authenticate(token));
    if (!token || !session) return endSocket(socket, "sessionEnded");
    const { userId, sessionId } = session;
    if (!events.hasRoomFor(userId)) {
      counters.countError("too-many-sockets");
      return endSocket(socket, "tooManySockets");
    }
    const isAlive = async () => (await deviceSessions.authenticate(token)) !== undefined;
    const listener = events.add({ userId, sessionId, socket, isAlive });
    // From here on it hears of every end; what ended before shows now.
    const still = await deviceSessions.authenticate(token);
    const summary = still && (await accountLife.summary(userId));
    if (summary === undefined) return events.sessionEnded(userId, sessionId);
    const wallets = summary.wallets.map(encodeHead);
    listener.begin({ type: "ready", epoch: summary.holder.epoch, wallets });
    return undefined;
  }

  function greet(socket: WebSocket): void {
    events.watch(socket);
    const impatience = setTimeout(() => endSocket(socket, "badGreeting"), limits4.socketGreetingMs);
    socket.once("close", () => clearTimeout(impatience));
    socket.once("message", (data) => {
      clearTimeout(impatience);
      const greeting = readGreeting(data);
      if (greeting === undefined) return endSocket(socket, "badGreeting");
      socket.on("message", () => endSocket(socket, "badGreeting"));
      register(socket, greeting).catch((error: unknown) => {
        log.error({ err: error, route: LABEL }, "opening a socket failed");
        counters.countError("internal");
        socket.terminate();
      });
      return undefined;
    });
  }

  upgrades.on("wsClientError", (_error, socket) => socket.destroy());
  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isEventsUpgrade(request)) return;
    socket.on("error", () => socket.destroy());
    counters.countRequest("GET", LABEL, 101, 0);
    upgrades.handleUpgrade(request, socket, head, greet);
  });
}

function readGreeting(data: RawData): SocketGreeting | undefined {
  // A message of so few bytes is one buffer.
  if (!Buffer.isBuffer(data)) return undefined;
  try {
    return socketGreeting.parse(parseStrictJson(data));
  } catch {
    return undefined;
  }
}

const reasons = {
  badGreeting: "the first message must authenticate, and be the only one",
  sessionEnded: "session ended, log in again",
  tooManySockets: "too many sockets of this account",
} as const;

function endSocket(socket: WebSocket, why: keyof typeof reasons): void {
  socket.close(socketCloseCodes4[why], reasons[why]);
}

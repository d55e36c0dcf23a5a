/**
 * WebSockets through `ws`: the token travels in a header (P3C-13), and a peer that stopped answering pings counts as
 * gone, since a dead connection says nothing by itself. The library is loaded with the first socket: most commands open none.
 */
import { socketCloseCodes3 } from "@holdfast/protocol";
import type { OpenSocket } from "../../device/device-ports.ts";

const handshakeTimeoutMs = 15_000;
const pingEveryMs = 30_000;
const maxMessageBytes = 4096;

export const openNodeSocket: OpenSocket = (request) => {
  let isWanted = true;
  const opening = open(request, () => isWanted);
  return {
    close() {
      isWanted = false;
      void opening.then((socket) => socket?.close());
    },
  };
};

async function open(
  { url, token, isTokenInQuery, onEvent }: Parameters<OpenSocket>[0],
  isWanted: () => boolean,
): Promise<{ close(): void } | undefined> {
  const { WebSocket } = await import("ws");
  if (!isWanted()) {
    onEvent({ type: "closed", status: null });
    return undefined;
  }
  const address = new URL(url);
  if (isTokenInQuery) address.searchParams.set("token", token.reveal());
  const socket = new WebSocket(address, {
    headers: isTokenInQuery ? {} : { authorization: `Bearer ${token.reveal()}` },
    handshakeTimeout: handshakeTimeoutMs,
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
  });
  let status: number | null = null;
  let isAlive = true;

  const heartbeat = setInterval(() => {
    if (!isAlive) {
      socket.terminate();
    } else if (socket.readyState === WebSocket.OPEN) {
      isAlive = false;
      socket.ping();
    }
  }, pingEveryMs);

  socket.on("open", () => {
    onEvent({ type: "open" });
  });
  socket.on("pong", () => {
    isAlive = true;
  });
  socket.on("message", (data, isBinary) => {
    isAlive = true;
    // ws gives a text message as one Buffer.
    if (!isBinary) onEvent({ type: "message", text: (data as Buffer).toString("utf8") });
  });
  socket.on("unexpected-response", (request, response) => {
    status = response.statusCode ?? null;
    request.destroy();
    socket.terminate();
  });
  socket.on("error", () => {
    // `close` follows and is what counts.
  });
  socket.on("close", (code) => {
    clearInterval(heartbeat);
    if (code === socketCloseCodes3.sessionEnded) status = 401;
    onEvent({ type: "closed", status });
  });
  return {
    close() {
      socket.close();
      // A host that never answers the closing handshake must not hold the process.
      setTimeout(() => {
        socket.terminate();
      }, 1000).unref();
    },
  };
}

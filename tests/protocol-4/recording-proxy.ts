/** A proxy on real sockets that writes down everything that passes, HTTP and WebSocket, in both directions. */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

type Recorded = {
  readonly from: "client" | "host";
  /** `address`: method and URL; `authorization`: that header alone; `headers`: all others */
  readonly part: "address" | "authorization" | "headers" | "body" | "socket";
  readonly bytes: Buffer;
};

export type RecordingProxy = {
  readonly url: string;
  readonly traffic: readonly Recorded[];
  /** where to pass things on to, from now on */
  passTo(target: string): void;
  close(): Promise<void>;
};

/** Of one connection, or in the way of reading what passes. */
const dropped = ["connection", "keep-alive", "transfer-encoding", "accept-encoding"];

export async function startRecordingProxy(): Promise<RecordingProxy> {
  const traffic: Recorded[] = [];
  const sockets = new Set<Socket>();
  const upgrades = new WebSocketServer({ noServer: true });
  let target = "";

  const note = (from: Recorded["from"], part: Recorded["part"], data: string | Buffer): void => {
    traffic.push({ from, part, bytes: Buffer.from(data) });
  };
  const noteRequest = ({ method = "", url = "", headers }: IncomingMessage): void => {
    const { authorization = "", ...others } = headers;
    note("client", "address", `${method} ${url}`);
    note("client", "authorization", authorization);
    note("client", "headers", JSON.stringify(others));
  };

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await read(incoming);
    noteRequest(incoming);
    note("client", "body", body);
    const { method = "", url = "", headers } = incoming;
    const kept = Object.entries(headers).filter(([name]) => !dropped.includes(name));
    const answer = await ask(new URL(url, target), method, Object.fromEntries(kept), body);
    const said = await read(answer);
    note("host", "headers", JSON.stringify(answer.headers));
    note("host", "body", said);
    for (const [name, value] of Object.entries(answer.headers))
      if (!dropped.includes(name) && value !== undefined) outgoing.setHeader(name, value);
    outgoing.writeHead(answer.statusCode ?? 502).end(said);
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  // As long as the host's own: on a busy machine Node's five seconds pass between two requests, and the second would be lost.
  server.keepAliveTimeout = 75_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    noteRequest(incoming);
    upgrades.handleUpgrade(incoming, socket, head, (client) => {
      const host = new WebSocket(new URL(incoming.url ?? "", target.replace("http", "ws")));
      const open = new Promise((resolve) => host.once("open", resolve));
      const passOn = async (data: Buffer, isBinary: boolean): Promise<void> => {
        await open;
        host.send(data, { binary: isBinary });
      };
      client.on("message", (data: Buffer, isBinary) => {
        note("client", "socket", data);
        void passOn(data, isBinary);
      });
      host.on("message", (data: Buffer, isBinary) => {
        note("host", "socket", data);
        client.send(data, { binary: isBinary });
      });
      for (const [one, other] of [
        [client, host],
        [host, client],
      ] as const) {
        one.on("error", () => {
          other.terminate();
        });
        one.on("close", () => {
          other.close();
        });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    traffic,
    passTo(next) {
      target = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      upgrades.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function ask(
  url: URL,
  method: string,
  headers: IncomingMessage["headers"],
  body: Buffer,
): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false }, resolve).on("error", reject).end(body);
  });
}

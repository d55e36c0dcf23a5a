/**
 * A relay in front of a host, on real sockets: it sees every request, and does to the next one what a broken network
 * or a hostile host might do.
 */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

type SeenRequest = {
  readonly method: string;
  /** path and query */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
};
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  /** sent as it is, instead of `body` */
  readonly text?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Trick =
  /** the host gets it, the client hears nothing */
  | { readonly type: "lose-answer" }
  /** nobody gets it */
  | { readonly type: "lose-request" }
  /** the host does not get it, the client waits */
  | { readonly type: "hang" }
  | { readonly type: "answer"; readonly answer: Answer }
  /** the host gets it, the client gets another answer than the host's */
  | {
      readonly type: "change";
      readonly change: (answer: { status: number; body: unknown }) => Answer;
    }
  /** the answer never ends */
  | { readonly type: "flood" }
  /** passes on only after this resolves */
  | { readonly type: "delay"; readonly until: Promise<unknown> };

export type Relay = {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Plays `trick` on the next request whose `METHOD path` begins with `matching`; several are played in order. */
  trick(matching: string, trick: Trick): void;
  /** Plays it on every such request, until `clear`. */
  always(matching: string, trick: Trick): void;
  clear(): void;
  /** Breaks all connections. */
  cut(): void;
  /** Has the host say this over every WebSocket. */
  say(message: string): void;
  /** The next request whose `METHOD path` begins with `matching`. */
  hear(matching: string): Promise<SeenRequest>;
  /** The host's next answer to such a request, whether or not anybody waits for it any more. */
  hearAnswer(matching: string): Promise<void>;
  close(): Promise<void>;
};

export async function startRelay(target: string): Promise<Relay> {
  const once: { matching: string; trick: Trick }[] = [];
  const every: { matching: string; trick: Trick }[] = [];
  const seen: SeenRequest[] = [];
  const listeners: { matching: string; tell: (request: SeenRequest) => void }[] = [];
  const upgraded = new Set<Socket>();
  const answerListeners: { matching: string; tell: () => void }[] = [];
  const sockets = new Set<Socket>();
  const note = (request: SeenRequest): void => {
    seen.push(request);
    const isMeant = ({ matching }: { matching: string }): boolean =>
      `${request.method} ${request.url}`.startsWith(matching);
    const index = listeners.findIndex(isMeant);
    if (index >= 0) listeners.splice(index, 1)[0]?.tell(request);
  };
  const take = (name: string): Trick | undefined => {
    const index = once.findIndex(({ matching }) => name.startsWith(matching));
    if (index >= 0) return once.splice(index, 1)[0]?.trick;
    return every.find(({ matching }) => name.startsWith(matching))?.trick;
  };

  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing);
  });

  // As long as the host's own: on a busy machine Node's five seconds pass between two requests, and the second would be lost.
  server.keepAliveTimeout = 75_000;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { method = "", url = "", headers } = incoming;
    note({ method, url, headers, body });
    const trick = take(`${method} ${url}`);
    switch (trick?.type) {
      case "hang":
        return;
      case "lose-request":
        incoming.socket.destroy();
        return;
      case "answer":
        reply(outgoing, trick.answer);
        return;
      case "flood":
        flood(outgoing);
        return;
      case "delay":
        await trick.until;
        break;
      case "lose-answer":
      case "change":
      case undefined:
        break;
    }
    const answer = await forward(target, { method, url, headers, body }).catch(() => undefined);
    for (const { tell } of answerListeners.filter(({ matching }) =>
      `${method} ${url}`.startsWith(matching),
    )) {
      tell();
    }
    if (answer === undefined || trick?.type === "lose-answer") {
      incoming.socket.destroy();
      return;
    }
    if (trick?.type === "change") {
      reply(outgoing, trick.change({ status: answer.status, body: parse(answer.text) }));
      return;
    }
    outgoing.writeHead(answer.status, answer.headers).end(answer.text);
  }

  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const { method = "", url = "", headers } = incoming;
    note({ method, url, headers, body: "" });
    const trick = take(`${method} ${url}`);
    if (trick?.type === "answer") {
      socket.end(`HTTP/1.1 ${trick.answer.status} No\r\nConnection: close\r\n\r\n`);
      return;
    }
    if (trick !== undefined) {
      socket.destroy();
      return;
    }
    const { hostname, port } = new URL(target);
    const upstream = connect(Number(port), hostname, () => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
      upstream.write(`GET ${url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
      upgraded.add(socket);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
    socket.on("close", () => {
      upgraded.delete(socket);
      upstream.destroy();
    });
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    trick(matching, trick) {
      once.push({ matching, trick });
    },
    always(matching, trick) {
      every.push({ matching, trick });
    },
    clear() {
      once.length = 0;
      every.length = 0;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    say(message) {
      for (const socket of upgraded) {
        // A text frame of a server: no mask, and short enough for one length byte.
        socket.write(Buffer.concat([Buffer.of(0x81, message.length), Buffer.from(message)]));
      }
    },
    async hear(matching) {
      return await new Promise((tell) => {
        listeners.push({ matching, tell });
      });
    },
    async hearAnswer(matching) {
      await new Promise<void>((tell) => {
        answerListeners.push({ matching, tell });
      });
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reply(outgoing: ServerResponse, { status, body, text, headers }: Answer): void {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(text ?? JSON.stringify(body));
}

function flood(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { "content-type": "application/json" });
  const chunk = "[".repeat(65_536);
  const more = (): void => {
    while (!outgoing.destroyed && outgoing.write(chunk));
  };
  outgoing.on("drain", more);
  more();
}

async function forward(
  target: string,
  { method, url, headers, body }: SeenRequest,
): Promise<{ status: number; headers: Record<string, string>; text: string }> {
  return await new Promise((resolve, reject) => {
    const outgoing = request(new URL(url, target), { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const { "content-type": type = "text/plain", "retry-after": retryAfter } = answer.headers;
        resolve({
          status: answer.statusCode ?? 0,
          headers: {
            "content-type": type,
            ...(retryAfter !== undefined && { "retry-after": retryAfter }),
          },
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

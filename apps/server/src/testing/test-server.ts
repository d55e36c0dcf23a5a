/** For tests: a whole server on a free port of this machine, on memory stores unless told otherwise, with quick hashes. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Writable } from "node:stream";
import { endpoints3 } from "@holdfast/protocol";
import { WebSocket } from "ws";
import { startServer, type ServerParts } from "../main.ts";
import { parseSettings } from "../settings/parse-settings.ts";
import type { Settings } from "../settings/settings.ts";
import type { Environment } from "../settings/setting-reader.ts";
import { createMemoryStores } from "../stores/memory/memory-stores.ts";
import type { OpenStores, Stores } from "../stores/stores.ts";

export const saltSeed = "5a".repeat(32);
export const otherSaltSeed = "a5".repeat(32);
export const password = "derived-login-password";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, as JSON where it is JSON. */
  readonly body: unknown;
  readonly text: string;
}

export interface TestServer {
  readonly url: string;
  /** All that the server wrote so far: its log, and the mails of the console transport. */
  output(): string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** `body` is sent as it is when it is a text, as JSON otherwise; never with a Content-Type. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  signUp(email: string): Promise<Answer>;
  /** Logs a device in and answers its token. */
  logIn(email: string, deviceId?: string): Promise<string>;
  /** Signs up and logs in. */
  newUser(email: string): Promise<string>;
  putWallet(token: string, sequence: number, encryptedWallet?: string): Promise<Answer>;
  openSocket(token: string): Promise<TestSocket>;
  close(): Promise<void>;
}

export interface TestSocket {
  readonly socket: WebSocket;
  /** Messages so far. */
  readonly messages: readonly string[];
  /** The next message that is not in `messages` yet. */
  nextMessage(): Promise<string>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export interface TestServerOptions extends ServerParts {
  readonly env?: Environment;
  readonly settings?: Partial<Settings>;
}

/** Memory stores as a server wants them. */
export function openMemoryStores(stores: Stores = createMemoryStores()): OpenStores {
  return { ...stores, checkReady: () => Promise.resolve(), close: () => Promise.resolve() };
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { env = {}, settings, ...parts } = options;
  const parsed = parseSettings({ flags: { port: "0" }, env, profile: "development" });
  if (parsed.type === "invalid") throw new Error(parsed.problems.join("\n"));
  const written: string[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
  const usesDisk = settings?.dataDir !== undefined;
  const server = await startServer(
    { ...parsed.settings, ...settings },
    { output, passwordCostLog2: 4, ...(usesDisk ? {} : { stores: openMemoryStores() }), ...parts },
  );
  const { url } = server;

  const call = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    const body: unknown = isJson ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body, text };
  };
  const post: TestServer["post"] = (path, body, headers = {}) =>
    // As bytes, because fetch adds a Content-Type to texts.
    call(path, {
      method: "POST",
      headers,
      body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    });
  const signUp = (email: string): Promise<Answer> =>
    post(endpoints3.signUp, { email, password, clientSaltSeed: saltSeed });
  const logIn = async (email: string, deviceId = "device-1"): Promise<string> => {
    const { body } = await post(endpoints3.logIn, { email, password, deviceId });
    return (body as { token: string }).token;
  };

  return {
    url,
    output: () => written.join(""),
    get: (path, headers = {}) => call(path, { headers }),
    post,
    signUp,
    logIn,
    async newUser(email) {
      await signUp(email);
      return logIn(email);
    },
    putWallet: (token, sequence, encryptedWallet = `wallet ${sequence}`) =>
      post(endpoints3.wallet, { token, encryptedWallet, sequence, hmac: `hmac ${sequence}` }),
    openSocket: (token) => openTestSocket(`${url}${endpoints3.websocket}?token=${token}`),
    close: () => server.close(),
  };
}

/** Resolves once the socket is open; rejects when the upgrade is refused. */
export async function openTestSocket(url: string): Promise<TestSocket> {
  const socket = new WebSocket(url.replace("http", "ws"));
  const messages: string[] = [];
  const waiting: ((message: string) => void)[] = [];
  let seen = 0;
  socket.on("message", (data: Buffer) => {
    const message = data.toString();
    messages.push(message);
    const next = waiting.shift();
    if (next !== undefined) {
      seen += 1;
      next(message);
    }
  });
  const closed = once(socket, "close").then(([code, reason]: unknown[]) => ({
    code: code as number,
    reason: String(reason),
  }));
  await once(socket, "open");
  return {
    socket,
    messages,
    nextMessage() {
      const message = messages[seen];
      if (message === undefined) return new Promise((resolve) => waiting.push(resolve));
      seen += 1;
      return Promise.resolve(message);
    },
    closed,
  };
}

/** The status and body with which an upgrade was refused. */
export async function refusedUpgrade(
  url: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const socket = new WebSocket(url.replace("http", "ws"));
  const refused = once(socket, "unexpected-response");
  socket.on("error", () => undefined);
  const [, response] = (await refused) as [unknown, IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    body: JSON.parse(Buffer.concat(chunks).toString()) as unknown,
  };
}

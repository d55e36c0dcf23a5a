/**
 * A stand-in for a running LBRY daemon (lbrynet): JSON-RPC over real HTTP, wallets in files. What its methods do is the wallet
 * package's doing, which the SDK's own vectors prove; so does a test of this stand-in.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { formatJson, type JsonObject, type JsonValue, parseJson } from "@holdfast/wallet/lbry";
import { DaemonError, LbrynetWallets } from "./lbrynet-wallets.ts";

const maxRequestBytes = 1024 * 1024;

export interface LbrynetDaemon {
  readonly url: string;
  /** Calls a method as any client would; throws `DaemonError` with what the daemon answered. */
  call(method: string, params?: Readonly<Record<string, JsonValue>>): Promise<JsonValue>;
  /** The methods called so far, in order. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

/** Starts a daemon on a free loopback port with the wallets of a folder; a wallet's id is its file's name, the first is the default. */
export async function startLbrynetDaemon(options: {
  readonly walletsFolder: string;
  readonly walletIds: readonly string[];
  /** Passwords of encryption on disk that the daemon knows already, by wallet id. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** Seconds since 1970. */
  readonly now?: () => number;
}): Promise<LbrynetDaemon> {
  const { now = () => Date.now() / 1000 } = options;
  const wallets = new LbrynetWallets({ ...options, now });
  const calls: string[] = [];
  // One call at a time, as a single-threaded daemon has it.
  let turn: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    turn = turn.then(() => answer(request, response, wallets, calls));
  });
  // As long as the host's own: on a busy machine Node's five seconds pass between two requests, and the second would be lost.
  server.keepAliveTimeout = 75_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    call: (method, params = {}) => callDaemon(url, method, params),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  wallets: LbrynetWallets,
  calls: string[],
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413).end(`Maximum request body size ${maxRequestBytes} exceeded`);
    return;
  }
  const call = objectOf(parseJson(body));
  const method = textOf(call.get("method")) ?? "";
  const params = objectOf(call.get("params"));
  calls.push(method);
  const id = call.get("id") ?? null;
  const result = await wallets.perform(method, params).then(
    (value): [string, JsonValue] => ["result", value],
    (error: unknown): [string, JsonValue] => ["error", describeError(error, method, params)],
  );
  response
    .writeHead(200, { "content-type": "application/json" })
    .end(formatJson(new Map<string, JsonValue>([["jsonrpc", "2.0"], result, ["id", id]])));
}

/** As the daemon does it: with the arguments of the call, a password among them. */
function describeError(error: unknown, method: string, params: JsonObject): JsonValue {
  if (!(error instanceof DaemonError)) throw error;
  return new Map<string, JsonValue>([
    ["code", BigInt(error.code)],
    ["message", error.message],
    [
      "data",
      new Map<string, JsonValue>([
        ["name", error.name],
        ["traceback", []],
        ["command", method],
        ["args", []],
        ["kwargs", params],
      ]),
    ],
  ]);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > maxRequestBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function callDaemon(
  url: string,
  method: string,
  params: Readonly<Record<string, JsonValue>>,
): Promise<JsonValue> {
  const body = formatJson(
    new Map<string, JsonValue>([
      ["method", method],
      ["params", new Map(Object.entries(params))],
    ]),
  );
  const response = await fetch(url, { method: "POST", body });
  const answered = objectOf(parseJson(await response.text()));
  const result = answered.get("result");
  if (result !== undefined) return result;
  const error = objectOf(answered.get("error"));
  throw new DaemonError(
    textOf(objectOf(error.get("data")).get("name")) ?? "",
    textOf(error.get("message")) ?? "",
  );
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return value instanceof Map ? (value as JsonObject) : new Map<string, JsonValue>();
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

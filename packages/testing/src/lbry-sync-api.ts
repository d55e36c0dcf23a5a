/**
 * A stand-in for LBRY's custodial sync API, as its callers know it: LBRY Desktop's `ui/redux/actions/sync.js` and lbryinc's `Lbryio.call`
 * (github.com/lbryio/lbry-desktop, lbryio/lbryinc). The API's own source was never published, so which status goes with a refusal is a guess;
 * callers take any outside 2xx, and go by the text.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type StoredWallet = { readonly hash: string; readonly data: string };

export interface LbrySyncApi {
  readonly url: string;
  /** Method and address of each request so far, with its content type. */
  readonly calls: readonly string[];
  /** What each account has, by auth token; null: an account that never synced. */
  readonly accounts: Map<string, StoredWallet | null>;
  close(): Promise<void>;
}

type Answer = { readonly status: number; readonly error?: string; readonly data?: object };

/** Starts the API on a free loopback port. */
export async function startLbrySyncApi(): Promise<LbrySyncApi> {
  const accounts: LbrySyncApi["accounts"] = new Map();
  const calls: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, accounts, calls).then(({ status, error = null, data = null }) => {
      const body = JSON.stringify({ success: error === null, error, data });
      response.writeHead(status, { "content-type": "application/json" }).end(body);
      return undefined;
    });
  });
  // As long as the host's own: on a busy machine Node's five seconds pass between two requests, and the second would be lost.
  server.keepAliveTimeout = 75_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    accounts,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  accounts: LbrySyncApi["accounts"],
  calls: string[],
): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "", url = "", headers } = request;
  const contentType = headers["content-type"] ?? "";
  calls.push(`${method} ${url} ${contentType}`);
  const isForm = contentType.startsWith("application/x-www-form-urlencoded");
  const form = new URLSearchParams(isForm ? Buffer.concat(chunks).toString() : "");
  const token = form.get("auth_token") ?? "";
  const stored = accounts.get(token);
  if (stored === undefined) return { status: 403, error: `authentication required: ${token}` };
  switch (`${method} ${url}`) {
    case "POST /sync/get":
      return read(stored, form);
    case "POST /sync/set":
      return write(accounts, token, form);
    default:
      return { status: 404, error: "no such method" };
  }
}

function read(stored: StoredWallet | null, form: URLSearchParams): Answer {
  if (stored === null) return { status: 404, error: "no wallet found for this user" };
  const { hash, data } = stored;
  const changed = form.get("hash") !== hash;
  return { status: 200, data: { changed, hash, ...(changed && { data }) } };
}

function write(accounts: LbrySyncApi["accounts"], token: string, form: URLSearchParams): Answer {
  const stored = accounts.get(token) ?? null;
  const [hash, data] = [form.get("new_hash"), form.get("data")];
  if (hash === null || data === null) return { status: 400, error: "new_hash and data are needed" };
  if (stored !== null && form.get("old_hash") !== stored.hash)
    return { status: 409, error: "old hash does not match" };
  accounts.set(token, { hash, data });
  return { status: 200, data: { hash } };
}

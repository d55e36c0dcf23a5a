/**
 * GET /wallet from memory, before a framework has made anything of the request. It is the call that there are most of: each device asks
 * it whenever it wakes up.
 *
 * Invariant: it answers exactly what the route answers (`wallet.ts`), or nothing; whatever is not in memory, or might be
 * refused, is left to the route.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { endpoints3 } from "@holdfast/protocol";
import type { Awaitable } from "../../awaitable.ts";
import { writeStoredJson } from "../answer.ts";
import type { HttpServices } from "../services.ts";
import { bearerToken } from "../token.ts";

/** Answers a request, or says that it did not. */
export type QuickRead = (request: IncomingMessage, response: ServerResponse) => boolean;

const WITH_TOKEN = `${endpoints3.wallet}?token=`;

export function createQuickRead(
  services: Pick<HttpServices, "sessions" | "wallets" | "counters" | "log">,
): QuickRead {
  const { sessions, wallets, counters, log } = services;
  return (request, response) => {
    if (request.method !== "GET") return false;
    const token = tokenOf(request);
    // The log's lines name the request, which only the route gives a name.
    if (token === undefined || log.isLevelEnabled("debug")) return false;
    const startedAtMs = performance.now();
    const session = atOnce(() => sessions.authenticate(token, request.socket));
    if (session === undefined) return false;
    const wallet = atOnce(() => wallets.newest(session.userId));
    if (wallet === undefined) return false;
    writeStoredJson(response, wallet.body);
    counters.countRequest("GET", "wallet", 200, performance.now() - startedAtMs);
    return true;
  };
}

/**
 * What is known at once; undefined where it has to be waited for. Where the store fails there is nobody here to answer that: the
 * route asks it again.
 */
function atOnce<Value>(ask: () => Awaitable<Value>): Value | undefined {
  try {
    const answer = ask();
    if (!(answer instanceof Promise)) return answer;
    answer.catch(() => undefined);
    return undefined;
  } catch {
    return undefined;
  }
}

/** The token of a request that is plainly one for a wallet. */
function tokenOf({ url = "", headers }: IncomingMessage): string | undefined {
  if (url === endpoints3.wallet) return bearerToken(headers.authorization);
  // Anything but a token's digits is refused by the sessions.
  return url.startsWith(WITH_TOKEN) ? url.slice(WITH_TOKEN.length) : undefined;
}

import type { ServerRefused } from "../outcomes.ts";

export type ParseServerUrlOutcome = { readonly type: "server"; readonly url: URL } | ServerRefused;

/**
 * A host's address as a person gives it (P3C-9). Plain http sends the login password readably, so it is for loopback
 * only unless `allowPlainHttp`. A path is kept, for hosts below one.
 */
export function parseServerUrl(text: string, allowPlainHttp = false): ParseServerUrlOutcome {
  const refuse = (reason: ServerRefused["reason"], detail: string): ServerRefused => ({
    type: "server-refused",
    reason,
    detail,
  });
  if (!URL.canParse(text)) return refuse("malformed", "it is not an address");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return refuse("unsupported", "it must begin with https:// or http://");
  }
  if (url.username !== "" || url.password !== "") {
    return refuse("unsupported", "it must not carry a user name or password");
  }
  if (url.search !== "" || url.hash !== "") {
    return refuse("unsupported", "it must not carry a query or fragment");
  }
  if (url.protocol === "http:" && !allowPlainHttp && !isLoopback(url.hostname)) {
    return refuse(
      "plain-http",
      "plain http would send the login password readably over the network",
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  return { type: "server", url };
}

/** Whether a URL's host name means this very machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** The text under which a server is remembered, without a final slash. */
export function formatServerUrl(url: URL): string {
  return url.href.replace(/\/+$/, "");
}

/** Where a token travels (P3-6): in the query or the body as ever, or in `Authorization: Bearer`. The former wins. */
import type { IncomingMessage } from "node:http";

/** The first value of a query's parameter, undefined when it is missing or empty. */
export function queryValue(query: unknown, name: string): string | undefined {
  const value = (query as Record<string, string | string[] | undefined>)[name];
  const first = typeof value === "string" ? value : value?.[0];
  return first === "" ? undefined : first;
}

/** The token of a request without a body. */
export function queryToken(query: unknown, request: IncomingMessage): string | undefined {
  return queryValue(query, "token") ?? bearerToken(request.headers.authorization);
}

/** The body with the bearer token as its `token`, where it has none of its own. */
export function withBearerToken(body: unknown, request: IncomingMessage): unknown {
  const token = bearerToken(request.headers.authorization);
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  return token === undefined || !isObject || "token" in body ? body : { ...body, token };
}

/** The token of an `Authorization` header. */
export function bearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1];
}

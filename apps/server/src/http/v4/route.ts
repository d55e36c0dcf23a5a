/**
 * One operation of protocol 4 as a route. In this order (P4-5): the token is looked up, the network's limit counted, the body
 * read and judged, the account's limit counted, a signed request's signature verified; only then the handler runs. A body is
 * large and its reading costs, so nobody's is read who may not send it.
 */
import { createHash } from "node:crypto";
import {
  actionOf,
  limits4,
  type Operation4,
  signedRequestHeaders,
} from "@holdfast/protocol/protocol-4";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { DeviceSession } from "../../devices/device-session-store.ts";
import type { CredentialLimits, TakeOutcome } from "../../limits/credential-limits.ts";
import { ignoreContentType } from "../json-body.ts";
import type { Observe } from "../observe.ts";
import { COMMON_HEADERS, type EncodedAnswer, encodeProblem, type Problem4 } from "./problem.ts";
import type { Services4 } from "./services-4.ts";
import { parseStrictJson } from "./strict-json.ts";

type BodyOf<Op extends Operation4> = Op["request"] extends z.ZodType
  ? z.output<Op["request"]>
  : undefined;

interface Call<Op extends Operation4> {
  readonly body: BodyOf<Op>;
  readonly session: Op["access"] extends "token" | "signed" ? DeviceSession : undefined;
  readonly params: Readonly<Record<string, string>>;
  /** A whole number of the query, undefined where there is none. */
  readonly number: (name: string) => number | undefined;
  readonly header: (name: string) => string | undefined;
  readonly bearer: string | undefined;
  /** The client's address. */
  readonly ip: string;
  /** The account's owner uses this network: strangers elsewhere cannot use up its limit. */
  readonly recognise: (account: string) => void;
}

export type Answer4 =
  | {
      readonly status: number;
      readonly body?: object;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | Problem4;

interface Route<Op extends Operation4> {
  readonly operation: Op;
  /** In metrics and logs. */
  readonly label: string;
  /** Which limits a call counts against, before any work: by network, and by the account that it names. */
  readonly limits?: {
    readonly of: "credentials" | "mails";
    readonly account?: (body: BodyOf<Op>, session: Call<Op>["session"]) => string;
  };
  /** A push: counted against its session's limit before its body is read. */
  readonly isPush?: boolean;
  handle(call: Call<Op>): Promise<Answer4>;
}

export type AddRoute = <Op extends Operation4>(route: Route<Op>) => void;

const NO_BYTES = Buffer.alloc(0);

export function createAddRoute(
  app: FastifyInstance,
  services: Services4,
  observe: Observe,
): AddRoute {
  return (route) => {
    const { operation } = route;
    app.route({
      method: operation.method,
      url: operation.path,
      bodyLimit: bodyLimitOf(operation, services.maxWalletBytes),
      onRequest: [
        ignoreContentType,
        async (request, reply) => {
          const refusal = await admit(services, route, request);
          return refusal && send(reply, refusal);
        },
      ],
      onResponse: observe(`4:${route.label}`),
      handler: async (request, reply) => send(reply, await answer(services, route, request)),
    });
  };
}

function bodyLimitOf({ bodyBytes, carriesRevision }: Operation4, maxWalletBytes: number): number {
  const room = carriesRevision === true ? Math.ceil((maxWalletBytes * 4) / 3) : 0;
  return (bodyBytes ?? limits4.bodyBytes) + room;
}

/** Why a request's body is not even read, if so. */
async function admit<Op extends Operation4>(
  services: Services4,
  { operation, limits, isPush = false }: Route<Op>,
  request: FastifyRequest,
): Promise<Problem4 | undefined> {
  const found = await authenticate(services, operation, request);
  if (found !== undefined && "problem" in found) return found;
  if (isPush && found !== undefined) {
    return refuseLimited(services, services.pushLimit.take(sessionKey("push", found)));
  }
  if (limits === undefined) return undefined;
  return refuseLimited(services, await limitsOf(services, limits).takeNetwork(request.ip));
}

/** Undefined where no token is asked for. */
async function authenticate(
  { deviceSessions }: Services4,
  { access }: Operation4,
  request: FastifyRequest,
): Promise<DeviceSession | Problem4 | undefined> {
  if (access !== "token" && access !== "signed") return undefined;
  const bearer = bearerOf(request);
  if (bearer === undefined) return { problem: "token-required" };
  return (await deviceSessions.authenticate(bearer)) ?? { problem: "session-ended" };
}

async function answer<Op extends Operation4>(
  services: Services4,
  route: Route<Op>,
  request: FastifyRequest,
): Promise<Answer4> {
  const { operation } = route;
  const raw = Buffer.isBuffer(request.body) ? request.body : NO_BYTES;
  const parsed = parseBody(operation, raw);
  if ("problem" in parsed) return parsed;
  const query = parseQuery(operation, request.query as Record<string, unknown>);
  if (query === undefined) return { problem: "malformed-request", detail: "query" };
  const body = parsed.body as BodyOf<Op>;

  // Once more: it may have ended while the body came.
  const session = await authenticate(services, operation, request);
  if (session !== undefined && "problem" in session) return session;

  const account = route.limits?.account?.(body, session as Call<Op>["session"]);
  const limited = await countAccount(services, route, request, account);
  if (limited !== undefined) return limited;
  if (operation.access === "signed") {
    const refusal = await checkSignature(services, operation, request, raw, session);
    if (refusal !== undefined) return refusal;
  }
  return route.handle({
    body,
    session: session as Call<Op>["session"],
    params: request.params as Readonly<Record<string, string>>,
    number: (name) => query.get(name),
    header: (name) => single(request.headers[name]),
    bearer: bearerOf(request),
    ip: request.ip,
    recognise: (email) => services.credentialLimits.recognise({ ip: request.ip, email }),
  });
}

async function countAccount<Op extends Operation4>(
  services: Services4,
  { limits }: Route<Op>,
  { ip }: FastifyRequest,
  email: string | undefined,
): Promise<Problem4 | undefined> {
  if (limits === undefined || email === undefined) return undefined;
  return refuseLimited(services, await limitsOf(services, limits).takeEmail({ ip, email }));
}

function limitsOf(
  { mailLimits, credentialLimits }: Services4,
  { of }: { readonly of: "credentials" | "mails" },
): CredentialLimits {
  return of === "mails" ? mailLimits : credentialLimits;
}

function refuseLimited({ counters }: Services4, outcome: TakeOutcome): Problem4 | undefined {
  if (outcome.type === "allowed") return undefined;
  counters.countError("rate-limited");
  return { problem: "rate-limited", retryAfterMs: outcome.retryAfterMs };
}

async function checkSignature(
  services: Services4,
  operation: Operation4,
  request: FastifyRequest,
  body: Buffer,
  session: DeviceSession | undefined,
): Promise<Problem4 | undefined> {
  const nonce = single(request.headers[signedRequestHeaders.nonce]);
  const signature = single(request.headers[signedRequestHeaders.signature]);
  if (session === undefined || nonce === undefined || signature === undefined) {
    return { problem: "signature-required" };
  }
  const action = actionOf(operation, request.params as Record<string, string>);
  const isSigned = await services.signedRequests.verify({
    session,
    nonce,
    signature,
    action,
    body,
  });
  return isSigned ? undefined : { problem: "signature-refused" };
}

function parseBody(operation: Operation4, raw: Buffer): { readonly body: unknown } | Problem4 {
  if (operation.request === undefined) return { body: undefined };
  const value = parseStrictJson(raw);
  if (value === undefined) return { problem: "malformed-request", detail: "not JSON" };
  const result = operation.request.safeParse(value);
  if (result.success) return { body: result.data };
  // Where it is wrong, never with what: names that nobody knows are not repeated either.
  const [issue] = result.error.issues;
  const place = issue?.path.map(String).join(".") ?? "";
  return {
    problem: "malformed-request",
    detail: issue?.code === "unrecognized_keys" ? "unknown field" : `field ${place || "(body)"}`,
  };
}

function parseQuery(
  { query = [] }: Operation4,
  given: Record<string, unknown>,
): ReadonlyMap<string, number> | undefined {
  const numbers = new Map<string, number>();
  for (const name of query) {
    const text = given[name];
    if (text === undefined) continue;
    if (typeof text !== "string" || !/^[0-9]{1,15}$/.test(text)) return undefined;
    numbers.set(name, Number(text));
  }
  return numbers;
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function send(reply: FastifyReply, given: Answer4): FastifyReply {
  return sendEncoded(reply, "problem" in given ? encodeProblem(given) : encodeResult(given));
}

function encodeResult({ status, body, headers = {} }: Exclude<Answer4, Problem4>): EncodedAnswer {
  if (body === undefined) {
    return { status, headers: { ...COMMON_HEADERS, ...headers }, body: undefined };
  }
  return {
    status,
    headers: { ...COMMON_HEADERS, "content-type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

export function sendEncoded(reply: FastifyReply, { status, headers, body }: EncodedAnswer) {
  return reply.code(status).headers(headers).send(body);
}

/** A key for what a session counts by itself, because a stolen token that uses up its limit must not keep the owner out. */
export function sessionKey(kind: string, { sessionId }: Pick<DeviceSession, "sessionId">): string {
  return limitKey(kind, sessionId);
}

/** A key for limits by account that is no secret in the counter's memory. */
export function limitKey(kind: string, text: string): string {
  return `${kind}:${createHash("sha256").update(text).digest("base64url")}`;
}

/**
 * One request to a host that is not trusted (P3C-10 to P3C-12): a time limit over the whole answer, a cap on its size,
 * no redirects, and nothing but JSON. What comes out is a status and a value for a schema to check, or a named failure.
 */
import { errorAnswer } from "@holdfast/protocol";
import type { HostFailure, HostMisbehaves, Unreachable } from "../outcomes.ts";
import { printable } from "../printable.ts";
import type { Secret } from "../secret.ts";

/** Far above protocol 3's 100,000 bytes of request; a host with a higher limit stays readable. */
const maxAnswerBytes = 2 * 1024 * 1024;
const maxRetryAfterSeconds = 86_400;

type HostRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly bearer?: Secret;
  /** secrets in it are revealed for sending, here and nowhere else */
  readonly body?: Readonly<Record<string, string | number | Secret>>;
  readonly signal?: AbortSignal | undefined;
};

/** `value`: the parsed body, undefined when there is none or it is no JSON. */
export type HostAnswer = {
  readonly type: "answer";
  readonly status: number;
  readonly value: unknown;
  /** the `error` text, cleaned for people; empty when there is none */
  readonly detail: string;
  readonly retryAfterSeconds: number | null;
};

export type SendRequest = (
  request: HostRequest,
) => Promise<HostAnswer | Unreachable | HostMisbehaves>;

export type HostConnection = {
  readonly url: URL;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
};

/** Sends requests to one host. */
export function createSendRequest({ url, fetch, timeoutMs }: HostConnection): SendRequest {
  return async (request) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal =
      request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
    const secrets = [request.bearer, ...Object.values(request.body ?? {})].filter(
      (value) => value instanceof Object,
    );
    try {
      const response = await fetch(addressOf(url, request), {
        method: request.method,
        headers: {
          accept: "application/json",
          ...(request.bearer && { authorization: `Bearer ${request.bearer.reveal()}` }),
          ...(request.body && { "content-type": "application/json" }),
        },
        body: request.body === undefined ? null : formatBody(request.body),
        redirect: "manual",
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal,
      });
      return await readAnswer(response, secrets);
    } catch (error) {
      return explainFailure(error, { timeout, stopped: request.signal, timeoutMs });
    }
  };
}

function addressOf(server: URL, { path, query }: HostRequest): URL {
  const address = new URL(server);
  address.pathname = `${server.pathname.replace(/\/+$/, "")}${path}`;
  for (const [name, value] of Object.entries(query ?? {})) address.searchParams.set(name, value);
  return address;
}

function formatBody(body: NonNullable<HostRequest["body"]>): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(body).map(([name, value]) => [
        name,
        value instanceof Object ? value.reveal() : value,
      ]),
    ),
  );
}

async function readAnswer(
  response: Response,
  secrets: readonly Secret[],
): Promise<HostAnswer | HostMisbehaves> {
  const { status } = response;
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    await response.body?.cancel();
    return {
      type: "host-misbehaves",
      fault: "redirect",
      detail: "it points to another address, where passwords and tokens would go",
    };
  }
  const bytes = await readCapped(response);
  if (bytes === null) {
    return {
      type: "host-misbehaves",
      fault: "answer-too-large",
      detail: `its answer is larger than ${maxAnswerBytes} bytes`,
    };
  }
  const value = parseJson(bytes);
  const error = errorAnswer.safeParse(value);
  return {
    type: "answer",
    status,
    value,
    detail: error.success ? printable(error.data.error, secrets) : "",
    retryAfterSeconds: parseRetryAfter(response.headers.get("retry-after")),
  };
}

async function readCapped(response: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxAnswerBytes) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

function parseRetryAfter(header: string | null): number | null {
  if (header === null || !/^\d{1,9}$/.test(header)) return null;
  return Math.min(Number(header), maxRetryAfterSeconds);
}

function explainFailure(
  error: unknown,
  {
    timeout,
    stopped,
    timeoutMs,
  }: { timeout: AbortSignal; stopped: AbortSignal | undefined; timeoutMs: number },
): Unreachable {
  if (stopped?.aborted === true) {
    return {
      type: "unreachable",
      reason: "stopped",
      detail: "it was stopped before an answer came",
    };
  }
  if (timeout.aborted) {
    return {
      type: "unreachable",
      reason: "timeout",
      detail: `no complete answer within ${Math.ceil(timeoutMs / 1000)} s`,
    };
  }
  return { type: "unreachable", reason: "network", detail: explainNetworkError(error) };
}

const networkErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens at its address",
  ENOTFOUND: "its name is unknown",
  EAI_AGAIN: "its name cannot be looked up at the moment",
  ECONNRESET: "the connection broke",
  UND_ERR_SOCKET: "the connection broke",
  ETIMEDOUT: "the connection timed out",
  ENETUNREACH: "there is no network",
  EHOSTUNREACH: "there is no way to it",
};

/** The platform's code, not its message: a message may quote the address with its query. */
function explainNetworkError(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return (
    networkErrors[code] ??
    (code === "" ? "the connection failed" : `the connection failed (${printable(code)})`)
  );
}

/** What every endpoint makes of an answer that none of its own rules knows (P3C-12). */
export function failureOf(answer: HostAnswer): HostFailure {
  const { status, detail } = answer;
  if (status === 429) return { type: "rate-limited", retryAfterSeconds: answer.retryAfterSeconds };
  if (status >= 500 && status < 600) return { type: "host-failed", status, detail };
  if (status >= 400 && status < 500) return { type: "host-refused", status, detail };
  return malformed(`its answer (status ${status}) is not one of protocol 3`);
}

export function malformed(detail: string): HostMisbehaves {
  return { type: "host-misbehaves", fault: "malformed-answer", detail };
}

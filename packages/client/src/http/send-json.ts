/**
 * One request to a host that is not trusted (P3C-10 to P3C-12, P4K-1): a time limit over the whole answer, a cap on its size,
 * no redirects, and nothing but JSON. What comes out is a status and a value for a schema to check, or a named failure.
 */
import { printable } from "../printable.ts";

const maxRetryAfterSeconds = 86_400;

type JsonRequest = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text, unless `contentType` says otherwise; null: no body */
  readonly body: string | null;
  readonly contentType?: string;
  readonly maxAnswerBytes: number;
  readonly signal?: AbortSignal | undefined;
};

/** `value`: the parsed body, undefined when there is none or it is no JSON. */
export type JsonAnswer = {
  readonly type: "answer";
  readonly status: number;
  readonly value: unknown;
  readonly retryAfterSeconds: number | null;
};

/** No usable answer came; whether the host acted on the request is unknown. */
export type NoAnswer = {
  readonly type: "unreachable";
  readonly reason: "network" | "timeout" | "stopped";
  readonly detail: string;
};

/** An answer that is not even looked at. */
type RefusedAnswer = {
  readonly type: "host-misbehaves";
  readonly fault: "redirect" | "answer-too-large";
  readonly detail: string;
};

export type SendJson = (request: JsonRequest) => Promise<JsonAnswer | NoAnswer | RefusedAnswer>;

export type HostConnection = {
  readonly url: URL;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
};

/** A line that carries less than this is given up on: 16 KiB a second, for what is sent. */
const sentCharactersPerMs = 16;

/** Sends requests to one host; never rejects. */
export function createSendJson({ url, fetch, timeoutMs: answerMs }: HostConnection): SendJson {
  return async (request) => {
    const timeoutMs = answerMs + Math.ceil((request.body?.length ?? 0) / sentCharactersPerMs);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal =
      request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
    try {
      const response = await fetch(addressOf(url, request), {
        method: request.method,
        headers: {
          accept: "application/json",
          ...request.headers,
          ...(request.body !== null && {
            "content-type": request.contentType ?? "application/json",
          }),
        },
        body: request.body,
        redirect: "manual",
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal,
      });
      return await readAnswer(response, request.maxAnswerBytes);
    } catch (error) {
      return explainFailure(error, url, { timeout, stopped: request.signal, timeoutMs });
    }
  };
}

function addressOf(server: URL, { path, query }: JsonRequest): URL {
  const address = new URL(server);
  address.pathname = `${server.pathname.replace(/\/+$/, "")}${path}`;
  for (const [name, value] of Object.entries(query ?? {})) address.searchParams.set(name, value);
  return address;
}

async function readAnswer(
  response: Response,
  maxAnswerBytes: number,
): Promise<JsonAnswer | NoAnswer | RefusedAnswer> {
  const { status } = response;
  if (status === 408) {
    await response.body?.cancel();
    // It did not get the whole request in time, so it did nothing; to send it again is right (RFC 9110, 15.5.9).
    const detail = "the request did not reach it whole in time";
    return { type: "unreachable", reason: "timeout", detail };
  }
  const isRedirect = status >= 300 && status < 400 && status !== 304;
  if (response.type === "opaqueredirect" || isRedirect) {
    await response.body?.cancel();
    return {
      type: "host-misbehaves",
      fault: "redirect",
      detail: "it points to another address, where passwords and tokens would go",
    };
  }
  const bytes = await readCapped(response, maxAnswerBytes);
  if (bytes === null) {
    return {
      type: "host-misbehaves",
      fault: "answer-too-large",
      detail: `its answer is larger than ${maxAnswerBytes} bytes`,
    };
  }
  return {
    type: "answer",
    status,
    value: parseJson(bytes),
    retryAfterSeconds: parseRetryAfter(response.headers.get("retry-after")),
  };
}

async function readCapped(
  response: Response,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
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
  { origin }: URL,
  {
    timeout,
    stopped,
    timeoutMs,
  }: { timeout: AbortSignal; stopped: AbortSignal | undefined; timeoutMs: number },
): NoAnswer {
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
  return { type: "unreachable", reason: "network", detail: explainNetworkError(error, origin) };
}

const networkErrors: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name is unknown",
  EAI_AGAIN: "its name cannot be looked up at the moment",
  ECONNRESET: "the connection broke",
  UND_ERR_SOCKET: "the connection broke",
  ETIMEDOUT: "the connection timed out",
  ENETUNREACH: "there is no network",
  EHOSTUNREACH: "there is no way to it",
};

/** The platform's code, not its message: a message may quote the address with its query. */
function explainNetworkError(error: unknown, origin: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  // The address may be the default one, which nobody typed.
  if (code === "ECONNREFUSED") return `nothing listens at ${origin}`;
  return (
    networkErrors[code] ??
    (code === "" ? "the connection failed" : `the connection failed (${printable(code)})`)
  );
}

/**
 * How answers are sent (P3-3, P3-5): the headers every API answer carries, and refusals as the protocol's JSON. The bodies
 * of refusals with a fixed text are encoded once.
 */
import type { ServerResponse } from "node:http";
import {
  refusals3,
  refusalText,
  statusPhrases,
  type Refusal,
  type RefusalCode3,
  type RefusalStatus,
} from "@holdfast/protocol";
import type { FastifyReply } from "fastify";

const JSON_TYPE = "application/json; charset=utf-8";

/** On every API answer: private, never guessed at, and readable by a wallet app of any origin (it needs a token, not a cookie). */
const API_HEADERS = {
  "access-control-allow-origin": "*",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

const JSON_HEADERS = { ...API_HEADERS, "content-type": JSON_TYPE };
/** Up to where copying a body costs less than a second piece to write. */
const MAX_TEXT_BYTES = 15 * 1024;
const STORED_HEADERS = Object.entries(JSON_HEADERS).flat();
const TEXT_HEADERS = { ...API_HEADERS, "content-type": "text/plain; charset=utf-8" };

/** A refusal's status and JSON body. */
interface EncodedRefusal {
  readonly status: RefusalStatus;
  readonly body: Buffer;
}

/** `{"error": …}` in UTF-8. */
function encodeRefusal(refusal: Refusal): EncodedRefusal {
  const body = Buffer.from(JSON.stringify({ error: refusalText(refusal) }));
  return { status: refusal.status, body };
}

const encodedRefusals = new Map(
  Object.entries(refusals3).map(([code, refusal]) => [code, encodeRefusal(refusal)]),
);

/** A fixed refusal, ready to send. */
export function encodedRefusal(code: RefusalCode3): EncodedRefusal {
  return encodedRefusals.get(code) ?? encodeRefusal(refusals3[code]);
}

/** Sends JSON that is already encoded. */
export function sendJsonBytes(reply: FastifyReply, status: number, body: Buffer): FastifyReply {
  return reply.code(status).headers(JSON_HEADERS).send(body);
}

/**
 * Sends a stored JSON answer with 200, past Fastify's pipeline: what it offers (serializers, `onSend` hooks) is not
 * needed, and this is the call that has to be as quick as a static file.
 */
export function sendStoredJson(reply: FastifyReply, body: Buffer): void {
  reply.hijack();
  writeStoredJson(reply.raw, body);
}

/** Writes a stored JSON answer with 200. */
export function writeStoredJson(raw: ServerResponse, body: Buffer): void {
  raw.writeHead(200, [...STORED_HEADERS, "content-length", String(body.byteLength)]);
  // Node puts a text behind the headers and hands both to the socket as one; Latin-1 has a character for each byte.
  if (body.byteLength <= MAX_TEXT_BYTES) raw.end(body.toString("latin1"), "latin1");
  else raw.end(body);
}

export function sendJson(reply: FastifyReply, status: number, value: object): FastifyReply {
  return sendJsonBytes(reply, status, Buffer.from(JSON.stringify(value)));
}

export function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).headers(TEXT_HEADERS).send(text);
}

/** Says when to try again, also to scripts of other origins. */
export function setRetryAfter(reply: FastifyReply, seconds: number): void {
  reply.headers({
    "retry-after": String(seconds),
    "access-control-expose-headers": "Retry-After",
  });
}

/** Refuses with one of the protocol's fixed texts. */
export function refuse(reply: FastifyReply, code: RefusalCode3): FastifyReply {
  const { status, body } = encodedRefusal(code);
  // Passwords are checked in about a tenth of a second each: the queue is shorter by then.
  if (code === "busy") setRetryAfter(reply, 1);
  return sendJsonBytes(reply, status, body);
}

/** Refuses with a text that depends on the request. */
export function refuseWith(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, body } = encodeRefusal(refusal);
  return sendJsonBytes(reply, status, body);
}

/** A refusal as a whole HTTP answer, for connections that no reply belongs to; the connection ends with it. */
export function encodeHttpRefusal(code: RefusalCode3): Buffer {
  const { status, body } = encodedRefusal(code);
  const head = [
    `HTTP/1.1 ${status} ${statusPhrases[status]}`,
    "connection: close",
    `content-length: ${body.length}`,
    ...Object.entries(JSON_HEADERS).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
}

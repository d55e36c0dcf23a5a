/**
 * Reads a request's body as JSON whatever its Content-Type says (P3-2), and judges it (P3-4). What is not JSON becomes
 * `undefined`, which no schema accepts. Nothing is lost on the way in: bytes that are no UTF-8 are not JSON.
 */
import { isAscii, isUtf8 } from "node:buffer";
import { limits3, parseRequest, type ParseRequestOutcome } from "@holdfast/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { refuse, refuseWith } from "./answer.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Whether the body's JSON is ASCII without a backslash: then each character of its strings is the byte it was written as. */
    bodyIsPlain: boolean;
  }
}

const BACKSLASH = 0x5c;

/** Makes an app take every body as JSON. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.decorateRequest("bodyIsPlain", false);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "*",
    { parseAs: "buffer", bodyLimit: limits3.bodyBytes },
    (request, body, done) => {
      const bytes = body as Buffer;
      const text = readText(bytes);
      request.bodyIsPlain = text?.isAscii === true && !bytes.includes(BACKSLASH);
      done(null, text === undefined ? undefined : parseJson(text.text));
    },
  );
}

/** The text of bytes in UTF-8; undefined when they are anything else. */
function readText(bytes: Buffer): { readonly text: string; readonly isAscii: boolean } | undefined {
  // Nearly every body is ASCII, and that needs no decoding.
  if (isAscii(bytes)) return { text: bytes.toString("latin1"), isAscii: true };
  return isUtf8(bytes) ? { text: bytes.toString("utf8"), isAscii: false } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Hides the Content-Type, so that a malformed one is as good as none. */
export function ignoreContentType(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: () => void,
): void {
  delete request.raw.headers["content-type"];
  done();
}

/** The request's body by its schema; undefined when it was refused and the answer is on its way. */
export function readBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  reply: FastifyReply,
): z.output<Schema> | undefined {
  return acceptRequest(parseRequest(schema, body), reply);
}

/** A request that was judged; undefined when it was refused and the answer is on its way. */
export function acceptRequest<Request>(
  outcome: ParseRequestOutcome<Request>,
  reply: FastifyReply,
): Request | undefined {
  switch (outcome.type) {
    case "parsed":
      return outcome.request;
    case "unreadable":
      refuse(reply, "unreadable-body");
      return undefined;
    case "unknown-field": {
      const detail = `json: unknown field ${JSON.stringify(outcome.name)}`;
      refuseWith(reply, { status: 400, detail });
      return undefined;
    }
    case "invalid":
      refuseWith(reply, { status: 400, detail: `Request failed validation: ${outcome.why}` });
      return undefined;
  }
}

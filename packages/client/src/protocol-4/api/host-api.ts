/**
 * The operations of protocol 4 as a client sees them (P4K-1 to P4K-4): one call for every row of the table in
 * `@holdfast/protocol/protocol-4`, typed by it. Whatever a host or a network does is an outcome; nothing rejects.
 */
import {
  type OperationName4,
  type Operation4,
  operations4,
  path4,
  problemAnswer,
  PROBLEM_TYPE_PREFIX,
  PROTOCOL_4_BASE_PATH,
  type ProblemCode4,
} from "@holdfast/protocol/protocol-4";
import type { z } from "zod";
import { createSendJson, type HostConnection, type JsonAnswer } from "../../http/send-json.ts";
import { printable } from "../../printable.ts";
import type { Secret } from "../../secret.ts";
import { type HostFailure4, misbehaves, type SessionEnded4 } from "../outcomes.ts";
import { maxAnswerBytesOf } from "./answer-sizes.ts";

type Table = typeof operations4;
type ValueOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A row's answers, as a union on `status`. */
type AnswerTo<Name extends OperationName4> = {
  [Status in keyof Table[Name]["answers"]]: {
    readonly type: "answer";
    readonly status: Status;
    readonly value: ValueOf<Table[Name]["answers"][Status]>;
  };
}[keyof Table[Name]["answers"]];

/** Problems that every operation may have, and that have outcomes of their own. */
type CommonCode = "rate-limited" | "busy" | "internal" | "session-ended" | "token-required";

type OwnCode<Name extends OperationName4> = Exclude<Table[Name]["problems"][number], CommonCode>;

/** A row's own problem; `members` holds the problem document's further members, unchecked. */
type ProblemOf<Name extends OperationName4> = {
  [Code in OwnCode<Name>]: {
    readonly type: "problem";
    readonly code: Code;
    readonly detail: string;
    readonly members: Readonly<Record<string, unknown>>;
  };
}[OwnCode<Name>];

type SessionFailureOf<Name extends OperationName4> = Table[Name]["access"] extends
  "token" | "signed"
  ? SessionEnded4
  : never;

export type CallOutcome<Name extends OperationName4> =
  AnswerTo<Name> | ProblemOf<Name> | SessionFailureOf<Name> | HostFailure4;

type BodyOf<Name extends OperationName4> = Table[Name] extends { request: infer Schema }
  ? { readonly body: z.input<Schema & z.ZodType> }
  : { readonly body?: undefined };

export type CallInput<Name extends OperationName4> = BodyOf<Name> & {
  /** values of the path */
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, number>>;
  /** a session's token, or a pairing's claim */
  readonly token?: Secret;
  readonly signal?: AbortSignal | undefined;
};

/** A request as its bytes are known, before it is sent. */
type PreparedCall = {
  readonly operation: Operation4;
  readonly path: Readonly<Record<string, string | number>>;
  readonly body: string | null;
};

type Headers = { readonly type: "headers"; readonly headers: Readonly<Record<string, string>> };

/** Headers that need the request's bytes, for signatures; or the failure to get them. */
type MakeHeaders = (call: PreparedCall) => Promise<Headers | SessionEnded4 | HostFailure4>;

export type HostApi4 = {
  readonly url: URL;
  call<Name extends OperationName4>(name: Name, input: CallInput<Name>): Promise<CallOutcome<Name>>;
  callWith<Name extends OperationName4>(
    name: Name,
    input: CallInput<Name>,
    makeHeaders: MakeHeaders,
  ): Promise<CallOutcome<Name> | SessionEnded4 | HostFailure4>;
};

export function createHostApi4(connection: HostConnection): HostApi4 {
  const send = createSendJson(connection);

  const callWith: HostApi4["callWith"] = async (name, input, makeHeaders) => {
    const operation: Operation4 = operations4[name];
    const { path = {}, query, token, signal } = input;
    const body = input.body === undefined ? null : JSON.stringify(input.body);
    const made = await makeHeaders({ operation, path, body });
    if (made.type !== "headers") return made;
    const answer = await send({
      method: operation.method,
      path: path4(operation, path),
      ...(query && { query: textsOf(query) }),
      headers: {
        ...made.headers,
        ...(token && { authorization: `Bearer ${token.reveal()}` }),
      },
      body,
      maxAnswerBytes: maxAnswerBytesOf(name),
      signal,
    });
    if (answer.type !== "answer") return answer;
    return judge(operation, answer) as CallOutcome<typeof name>;
  };

  return {
    url: connection.url,
    callWith,
    call: async (name, input) =>
      (await callWith(name, input, noHeaders)) as CallOutcome<typeof name>,
  };
}

const noHeaders: MakeHeaders = async () => await Promise.resolve({ type: "headers", headers: {} });

function textsOf(query: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
}

/** P4K-3: only what the table promises is an answer or a problem; everything else has a common name. */
function judge(operation: Operation4, answer: JsonAnswer): CallOutcome<OperationName4> {
  const { status, value } = answer;
  const schema = operation.answers[status];
  if (schema === null) return { type: "answer", status, value: undefined } as never;
  if (schema !== undefined) {
    const read = schema.safeParse(value);
    if (read.success) return { type: "answer", status, value: read.data } as never;
    return malformed(status);
  }
  return judgeProblem(operation, answer) as CallOutcome<OperationName4>;
}

function judgeProblem(
  operation: Operation4,
  { status, value, retryAfterSeconds }: JsonAnswer,
): ProblemOf<OperationName4> | SessionEnded4 | HostFailure4 {
  const read = problemAnswer.safeParse(value);
  const code = read.success && read.data.status === status ? codeOf(read.data) : null;
  if (status === 429) return { type: "rate-limited", retryAfterSeconds };
  if (status < 400 || status > 599) return malformed(status);
  const hasSession = operation.access === "token" || operation.access === "signed";
  if (hasSession && (code === "session-ended" || code === "token-required"))
    return { type: "session-ended" };
  const detail = read.success ? printable(read.data.detail ?? read.data.title) : "";
  if (code !== null && read.success && operation.problems.includes(code) && !isCommon(code))
    return { type: "problem", code: code as never, detail, members: read.data };
  if (status >= 500) return { type: "host-failed", status };
  return { type: "host-refused", status, code, detail };
}

function codeOf({ type, code }: z.output<typeof problemAnswer>): ProblemCode4 | null {
  return type === `${PROBLEM_TYPE_PREFIX}${code}` ? code : null;
}

const commonCodes: ReadonlySet<string> = new Set<CommonCode>([
  "rate-limited",
  "busy",
  "internal",
  "session-ended",
  "token-required",
]);

function isCommon(code: ProblemCode4): boolean {
  return commonCodes.has(code);
}

function malformed(status: number): HostFailure4 {
  return misbehaves(
    "malformed-answer",
    `its answer (status ${status}) is not one of protocol 4 (${PROTOCOL_4_BASE_PATH})`,
  );
}

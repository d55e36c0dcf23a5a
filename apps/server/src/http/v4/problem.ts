/** Refusals of protocol 4 (P4-6): problem documents by code. */
import {
  type ProblemCode4,
  problems4,
  PROBLEM_MEDIA_TYPE,
  PROBLEM_TYPE_PREFIX,
} from "@holdfast/protocol/protocol-4";

/** What a handler answers instead of a result. */
export interface Problem4 {
  readonly problem: ProblemCode4;
  readonly detail?: string;
  /** Further members of the document. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly retryAfterMs?: number;
}

export interface EncodedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** On every answer: private, never guessed at, and readable by a wallet app of any origin (it needs a token, not a cookie). */
export const COMMON_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "ETag, Retry-After",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

export function encodeProblem(answer: Problem4): EncodedAnswer {
  const { status, title } = problems4[answer.problem];
  const { detail, members, retryAfterMs } = answer;
  const body = {
    type: `${PROBLEM_TYPE_PREFIX}${answer.problem}`,
    title,
    status,
    code: answer.problem,
    ...(detail === undefined ? {} : { detail }),
    ...members,
  };
  return {
    status,
    headers: {
      ...COMMON_HEADERS,
      "content-type": PROBLEM_MEDIA_TYPE,
      ...(retryAfterMs === undefined
        ? {}
        : { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }),
    },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/**
 * The one table of what protocol 4 says when it refuses (P4-6): RFC 9457 problem documents with a stable `code`. Titles are
 * for people; programs look at the code.
 */
import { z } from "zod";

interface Problem {
  readonly status: number;
  readonly title: string;
}

export const problems4 = {
  "malformed-request": { status: 400, title: "The request could not be read" },
  "token-required": { status: 401, title: "This needs the token of a session" },
  "session-ended": { status: 401, title: "The session is over; log in again" },
  "login-refused": { status: 401, title: "Password, key or account do not fit" },
  "mfa-required": { status: 401, title: "A code of the second factor is needed" },
  "mfa-refused": { status: 401, title: "The code of the second factor is wrong or was used" },
  "code-refused": { status: 401, title: "The code is wrong, was used or has expired" },
  "signature-required": { status: 403, title: "This has to be signed by an unlocked device" },
  "signature-refused": { status: 403, title: "The signature does not fit this request" },
  "not-invited": { status: 403, title: "This address may not register here" },
  "unknown-endpoint": { status: 404, title: "There is no such endpoint" },
  "unknown-wallet": { status: 404, title: "The account has no such wallet" },
  "unknown-session": { status: 404, title: "There is no such session" },
  "unknown-recovery": { status: 404, title: "No account is opened by this phrase" },
  "unknown-pairing": { status: 404, title: "There is no such pairing, or it is over" },
  "no-revision": { status: 404, title: "There is no such revision" },
  "method-not-allowed": { status: 405, title: "The endpoint has no such method" },
  "request-timeout": { status: 408, title: "The request took too long" },
  conflict: { status: 409, title: "The wallet has a newer revision" },
  "wrong-generation": { status: 409, title: "The wallet is in another generation" },
  "unknown-epoch": { status: 409, title: "The host does not know this security state yet" },
  "state-conflict": { status: 409, title: "The account has a newer or another security state" },
  "head-moved": { status: 409, title: "A wallet was changed while its generation was closed" },
  "id-taken": { status: 409, title: "There is an account of this address" },
  "identity-taken": { status: 409, title: "There is an account of this identity" },
  "pairing-taken": { status: 409, title: "This pairing has its message already" },
  "mfa-on": { status: 409, title: "The second factor is on already" },
  "mfa-off": { status: 409, title: "The second factor is not on" },
  "base-conflict": {
    status: 409,
    title: "The wallet of protocol 3 is another one than the upgrade is based on",
  },
  "start-again": { status: 410, title: "What was begun is over; begin again" },
  "body-gone": { status: 410, title: "The host keeps this revision's header only" },
  "too-large": { status: 413, title: "This is larger than the host takes" },
  "refused-state": { status: 422, title: "The change of credentials does not hold" },
  "refused-revision": { status: 422, title: "The revision does not hold" },
  "rate-limited": { status: 429, title: "Too many attempts; wait" },
  "headers-too-large": { status: 431, title: "The request's headers are too large" },
  internal: { status: 500, title: "The host failed" },
  "mail-failed": { status: 502, title: "The mail could not be sent; try again" },
  "storage-full": { status: 507, title: "The host keeps no more for this account" },
  busy: { status: 503, title: "The host is busy; nothing was changed" },
} as const satisfies Record<string, Problem>;

export type ProblemCode4 = keyof typeof problems4;
const problemCodes4 = Object.keys(problems4) as [ProblemCode4, ...ProblemCode4[]];

/** Every answer that is not 2xx or 304. Further members depend on the code (P4-6). */
export const problemAnswer = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(problemCodes4),
  /** What exactly is wrong, in words. Never repeats a value. */
  detail: z.string().optional(),
});
export type ProblemAnswer = z.output<typeof problemAnswer>;

export const PROBLEM_TYPE_PREFIX = "urn:holdfast:problem:";
export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/**
 * The one table of what protocol 3 says when it refuses (P3-3): the status, and the text after the status's own phrase.
 * A refusal without a text carries the phrase alone.
 */

/** The standard reason phrases, in the original's spelling. */
export const statusPhrases = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
} as const;

export type RefusalStatus = keyof typeof statusPhrases;

export interface Refusal {
  readonly status: RefusalStatus;
  readonly detail?: string;
}

/** Refusals with a fixed text, by what happened. */
export const refusals3 = {
  "bad-request": { status: 400 },
  "unreadable-body": { status: 400, detail: "Error parsing JSON" },
  "missing-token": { status: 400, detail: "Missing token parameter" },
  "invalid-email-parameter": { status: 400, detail: "Invalid email" },
  "not-a-websocket": { status: 400, detail: "This address speaks WebSocket only" },
  "token-not-found": { status: 401, detail: "Token Not Found" },
  "no-match": { status: 401, detail: "No match for email and password" },
  "no-match-for-email": { status: 401, detail: "No match for email" },
  "not-verified": { status: 401, detail: "Account is not verified" },
  "not-whitelisted": { status: 403, detail: "Account not whitelisted" },
  "not-by-mail": { status: 403, detail: "Account verification mode is not set to EmailVerify" },
  upgraded: {
    status: 403,
    detail:
      "This account uses protocol 4 now. Log in with an app that speaks it, such as Holdfast's own",
  },
  "not-found": { status: 404 },
  "no-salt-seed": { status: 404, detail: "No match for email" },
  "no-wallet": { status: 404, detail: "No wallet" },
  "unknown-endpoint": { status: 404, detail: "Unknown Endpoint" },
  "wrong-version": { status: 404, detail: "Wrong API version. Current version is 3." },
  "method-not-allowed": { status: 405 },
  "request-timeout": { status: 408 },
  "email-taken": { status: 409, detail: "Error registering" },
  "bad-sequence": { status: 409, detail: "Bad sequence number" },
  "bad-sequence-or-no-wallet": {
    status: 409,
    detail: "Bad sequence number or wallet does not exist",
  },
  "wallet-required": {
    status: 409,
    detail: "Wallet exists; need an updated wallet when changing password",
  },
  "already-verified": { status: 409, detail: "Account is already verified" },
  "body-too-large": { status: 413 },
  "rate-limited": { status: 429, detail: "Too many attempts. Wait and try again." },
  "too-many-sockets": { status: 429, detail: "Too many open sockets for this account" },
  "headers-too-large": { status: 431 },
  internal: { status: 500 },
  "mail-failed": {
    status: 502,
    detail: "The account is there, but its verification mail could not be sent. Ask for it again.",
  },
  busy: { status: 503, detail: "The server is busy. Nothing was changed; try again soon." },
} as const satisfies Record<string, Refusal>;

export type RefusalCode3 = keyof typeof refusals3;

/** The `error` text of a refusal: the status phrase, and the detail if there is one. */
export function refusalText({ status, detail }: Refusal): string {
  const phrase = statusPhrases[status];
  return detail === undefined ? phrase : `${phrase}: ${detail}`;
}

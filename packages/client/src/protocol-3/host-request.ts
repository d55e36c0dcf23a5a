/** A request to a host of protocol 3, and what to make of an answer that no rule knows (P3C-10 to P3C-12). */
import { errorAnswer } from "@holdfast/protocol";
import { createSendJson, type HostConnection, type JsonAnswer } from "../http/send-json.ts";
import type { HostFailure, HostMisbehaves, Protocol4Account, Unreachable } from "../outcomes.ts";
import { printable } from "../printable.ts";
import type { Secret } from "../secret.ts";

/** Far above protocol 3's 100,000 bytes of request; a host with a higher limit stays readable. */
const maxAnswerBytes = 2 * 1024 * 1024;

type HostRequest = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly bearer?: Secret;
  /** secrets in it are revealed for sending, here and nowhere else */
  readonly body?: Readonly<Record<string, string | number | Secret>>;
  readonly signal?: AbortSignal | undefined;
};

/** `detail`: the `error` text, cleaned for people; empty when there is none */
export type HostAnswer = JsonAnswer & { readonly detail: string };

export type SendRequest = (
  request: HostRequest,
) => Promise<HostAnswer | Unreachable | HostMisbehaves | Protocol4Account>;

/** A host, as far as one account is concerned. */
export type AccountConnection = HostConnection & {
  /** whether the account was used with protocol 4 here */
  readonly isProtocol4: () => Promise<boolean>;
};

/** Sends requests to one host, as long as there is no better protocol for the account (P4K-5). */
export function createSendRequest(connection: AccountConnection): SendRequest {
  const send = createSendJson(connection);
  return async ({ method, path, query, bearer, body, signal }) => {
    if (await connection.isProtocol4()) return { type: "protocol-4-account" };
    const answer = await send({
      method,
      path,
      ...(query && { query }),
      ...(bearer && { headers: { authorization: `Bearer ${bearer.reveal()}` } }),
      body: body === undefined ? null : formatBody(body),
      maxAnswerBytes,
      signal,
    });
    if (answer.type !== "answer") return answer;
    const error = errorAnswer.safeParse(answer.value);
    const secrets = [bearer, ...Object.values(body ?? {})].filter(
      (value) => value instanceof Object,
    );
    return { ...answer, detail: error.success ? printable(error.data.error, secrets) : "" };
  };
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

/**
 * The endpoints of protocol 3, one function each, as a client sees them (P3C-10 to P3C-13).
 *
 * Tokens travel in the `Authorization` header, and in the body where the original wants them there. Only a host that
 * answers a header with the original's own "Missing token parameter" gets the token in the query from then on.
 */
import {
  clientSaltSeedAnswer,
  endpoints3,
  logInAnswer,
  refusals3,
  refusalText,
  signUpAnswer,
  walletAnswer,
} from "@holdfast/protocol";
import type { z } from "zod";
import type { CredentialsRefused, HostFailure, NotVerified, SessionEnded } from "../outcomes.ts";
import { Secret } from "../secret.ts";
import { encodeEmailQuery } from "./email-query.ts";
import {
  type AccountConnection,
  createSendRequest,
  failureOf,
  malformed,
  type HostAnswer,
} from "./host-request.ts";

/** One stored wallet, as it travels. */
export type Revision = z.output<typeof walletAnswer>;

type Credentials = { readonly email: string; readonly loginPassword: Secret };
type Stop = AbortSignal | undefined;

type SignUpAnswered =
  | { readonly type: "signed-up"; readonly verified: boolean }
  | { readonly type: "address-taken" }
  | { readonly type: "not-allowed"; readonly detail: string }
  | HostFailure;
export type LogInAnswered =
  | { readonly type: "token"; readonly token: Secret; readonly expiration: string | null }
  | CredentialsRefused
  | NotVerified
  | HostFailure;
type SaltSeedAnswered =
  | { readonly type: "salt-seed"; readonly saltSeed: string }
  | { readonly type: "unknown-account" }
  | HostFailure;
type FetchWalletAnswered =
  | { readonly type: "wallet"; readonly revision: Revision }
  | { readonly type: "no-wallet" }
  | SessionEnded
  | HostFailure;
type PushWalletAnswered =
  | { readonly type: "accepted" }
  /** `newest`: null when the host did not send it along */
  | { readonly type: "conflict"; readonly newest: Revision | null }
  | { readonly type: "too-large" }
  | SessionEnded
  | HostFailure;
export type ChangePasswordAnswered =
  | { readonly type: "changed" }
  | { readonly type: "conflict" }
  | { readonly type: "too-large" }
  | CredentialsRefused
  | NotVerified
  | HostFailure;

export type HostApi = {
  signUp(
    input: Credentials & { readonly saltSeed: string },
    signal?: Stop,
  ): Promise<SignUpAnswered>;
  fetchSaltSeed(email: string, signal?: Stop): Promise<SaltSeedAnswered>;
  logIn(input: Credentials & { readonly deviceId: string }, signal?: Stop): Promise<LogInAnswered>;
  fetchWallet(token: Secret, signal?: Stop): Promise<FetchWalletAnswered>;
  pushWallet(token: Secret, revision: Revision, signal?: Stop): Promise<PushWalletAnswered>;
  changePassword(
    input: {
      readonly email: string;
      readonly oldPassword: Secret;
      readonly newPassword: Secret;
      readonly saltSeed: string;
      /** null: the account has no wallet yet */
      readonly revision: Revision | null;
    },
    signal?: Stop,
  ): Promise<ChangePasswordAnswered>;
  /** Where notices come from. */
  socketAddress(): { readonly url: URL; readonly isTokenInQuery: boolean };
};

const missingToken = refusalText(refusals3["missing-token"]);
const notVerified = refusalText(refusals3["not-verified"]);

export function createHostApi(connection: AccountConnection): HostApi {
  const send = createSendRequest(connection);
  let isTokenInQuery = false;

  const fetchWallet: HostApi["fetchWallet"] = async (token, signal) => {
    const answer = await send({
      method: "GET",
      path: endpoints3.wallet,
      signal,
      ...(isTokenInQuery ? { query: { token: token.reveal() } } : { bearer: token }),
    });
    if (answer.type !== "answer") return answer;
    if (answer.status === 400 && answer.detail === missingToken && !isTokenInQuery) {
      isTokenInQuery = true;
      return await fetchWallet(token, signal);
    }
    if (answer.status === 200) {
      return read(walletAnswer, answer, (revision) => ({ type: "wallet", revision }));
    }
    if (answer.status === 404 && isNoWallet(answer)) return { type: "no-wallet" };
    if (answer.status === 401) return { type: "session-ended", detail: answer.detail };
    return failureOf(answer);
  };

  return {
    async signUp({ email, loginPassword, saltSeed }, signal) {
      const answer = await send({
        method: "POST",
        path: endpoints3.signUp,
        body: { email, password: loginPassword, clientSaltSeed: saltSeed },
        signal,
      });
      if (answer.type !== "answer") return answer;
      if (answer.status === 201) {
        return read(signUpAnswer, answer, ({ verified }) => ({ type: "signed-up", verified }));
      }
      if (answer.status === 409) return { type: "address-taken" };
      if (answer.status === 403) return { type: "not-allowed", detail: answer.detail };
      return failureOf(answer);
    },

    async fetchSaltSeed(email, signal) {
      const answer = await send({
        method: "GET",
        path: endpoints3.clientSaltSeed,
        query: { email: encodeEmailQuery(email) },
        signal,
      });
      if (answer.type !== "answer") return answer;
      if (answer.status === 200) {
        return read(clientSaltSeedAnswer, answer, ({ clientSaltSeed }) => ({
          type: "salt-seed",
          saltSeed: clientSaltSeed,
        }));
      }
      const unknown = refusalText(refusals3["no-salt-seed"]);
      if (answer.status === 404 && answer.detail === unknown) return { type: "unknown-account" };
      return failureOf(answer);
    },

    async logIn({ email, loginPassword, deviceId }, signal) {
      const answer = await send({
        method: "POST",
        path: endpoints3.logIn,
        body: { email, password: loginPassword, deviceId },
        signal,
      });
      if (answer.type !== "answer") return answer;
      if (answer.status === 401) return credentialFailure(answer);
      if (answer.status !== 200) return failureOf(answer);
      return read(logInAnswer, answer, ({ token, expiration }) => {
        // A token goes into a header, and into a URL for an original host: it must be what the protocol says.
        if (!/^[0-9A-Fa-f]{64}$/.test(token))
          return malformed("its token is not one of protocol 3");
        return { type: "token", token: new Secret(token), expiration: readTime(expiration) };
      });
    },

    fetchWallet,

    async pushWallet(token, revision, signal) {
      const answer = await send({
        method: "POST",
        path: endpoints3.wallet,
        body: { token, ...revision },
        signal,
      });
      if (answer.type !== "answer") return answer;
      const stored = walletAnswer.safeParse(answer.value).data ?? null;
      if (answer.status === 200) {
        if (stored === null || isSameRevision(stored, revision)) return { type: "accepted" };
        return {
          type: "host-misbehaves",
          fault: "accepted-something-else",
          detail: "it says it stored the wallet, and shows another one than was sent",
        };
      }
      if (answer.status === 409) return { type: "conflict", newest: stored };
      if (answer.status === 413) return { type: "too-large" };
      if (answer.status === 401) return { type: "session-ended", detail: answer.detail };
      return failureOf(answer);
    },

    async changePassword({ email, oldPassword, newPassword, saltSeed, revision }, signal) {
      const answer = await send({
        method: "POST",
        path: endpoints3.password,
        body: { email, oldPassword, newPassword, clientSaltSeed: saltSeed, ...revision },
        signal,
      });
      if (answer.type !== "answer") return answer;
      if (answer.status === 200) return { type: "changed" };
      if (answer.status === 409) return { type: "conflict" };
      if (answer.status === 413) return { type: "too-large" };
      if (answer.status === 401) return credentialFailure(answer);
      return failureOf(answer);
    },

    socketAddress() {
      const url = new URL(connection.url);
      url.pathname = `${connection.url.pathname.replace(/\/+$/, "")}${endpoints3.websocket}`;
      url.protocol = connection.url.protocol === "https:" ? "wss:" : "ws:";
      return { url, isTokenInQuery };
    },
  };
}

function isSameRevision(a: Revision, b: Revision): boolean {
  return a.sequence === b.sequence && a.hmac === b.hmac && a.encryptedWallet === b.encryptedWallet;
}

function read<Schema extends z.ZodType, Outcome>(
  schema: Schema,
  answer: HostAnswer,
  take: (value: z.output<Schema>) => Outcome,
): Outcome | HostFailure {
  const result = schema.safeParse(answer.value);
  if (result.success) return take(result.data);
  return malformed(`its answer (status ${answer.status}) lacks what protocol 3 promises`);
}

function credentialFailure({ detail }: HostAnswer): CredentialsRefused | NotVerified {
  return detail === notVerified
    ? { type: "not-verified" }
    : { type: "credentials-refused", detail };
}

/** A 404 of some other program at the address must not pass for an empty account. */
function isNoWallet({ detail }: HostAnswer): boolean {
  return detail === refusalText(refusals3["no-wallet"]);
}

/** An RFC 3339 time, or null; the original has been seen to answer rubbish here. */
function readTime(text: string | null): string | null {
  return text !== null && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? text : null;
}

/**
 * Every operation of protocol 4: where it is, who may call it, what goes in and what comes out. Host, clients and the
 * OpenAPI document all read this table.
 */
import type { z } from "zod";
import * as answer from "./answers.ts";
import { limits4 } from "./limits.ts";
import type { ProblemCode4 } from "./problems.ts";
import * as request from "./requests.ts";

export const PROTOCOL_4 = 4;
export const PROTOCOL_4_BASE_PATH = "/api/4";

export interface Operation4 {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base path; `:name` stands for a value. */
  readonly path: string;
  /**
   * `public`: anybody. `token`: `Authorization: Bearer`. `signed`: also an authority signature (P4-40). `claim`: the new
   * device's own token of a pairing.
   */
  readonly access: "public" | "token" | "signed" | "claim";
  readonly summary: string;
  readonly request?: z.ZodType;
  /** Bytes of the body; `limits4.bodyBytes` where nothing is said. */
  readonly bodyBytes?: number;
  /** Whether the body has room for a ciphertext of the host's largest size besides. */
  readonly carriesRevision?: boolean;
  /** Parameters of the query, whole numbers. */
  readonly query?: readonly string[];
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** Beside those that any operation may answer. */
  readonly problems: readonly ProblemCode4[];
}

const session = ["session-ended", "token-required"] as const;
const signedOnes = [...session, "signature-required", "signature-refused"] as const;
const limited = "rate-limited";
const { credentialBodyBytes, healingBodyBytes } = limits4;

export const operations4 = {
  getHost: {
    method: "GET",
    path: "/",
    access: "public",
    summary: "Who this host is, and what it allows",
    answers: { 200: answer.hostAnswer },
    problems: [],
  },

  startAccount: {
    method: "POST",
    path: "/accounts/start",
    access: "public",
    summary: "Register: OPAQUE's first round",
    request: request.startAccountRequest,
    answers: { 200: answer.startedRegistrationAnswer },
    problems: ["not-invited", limited],
  },
  finishAccount: {
    method: "POST",
    path: "/accounts/finish",
    access: "public",
    summary: "Register: the account's first state, its pieces, and the device",
    request: request.finishAccountRequest,
    bodyBytes: credentialBodyBytes,
    answers: { 201: answer.createdAccountAnswer, 202: answer.mailedAnswer },
    problems: [
      "start-again",
      "id-taken",
      "identity-taken",
      "refused-state",
      limited,
      "mail-failed",
    ],
  },
  verifyAccount: {
    method: "POST",
    path: "/accounts/verify",
    access: "public",
    summary: "Register: the mailed code",
    request: request.verifyAccountRequest,
    answers: { 201: answer.createdAccountAnswer },
    problems: ["code-refused", "id-taken", "identity-taken", limited],
  },

  startSession: {
    method: "POST",
    path: "/sessions/start",
    access: "public",
    summary: "Log in by password: OPAQUE's first round",
    request: request.startSessionRequest,
    answers: { 200: answer.startedSessionAnswer },
    problems: [limited],
  },
  finishSession: {
    method: "POST",
    path: "/sessions/finish",
    access: "public",
    summary: "Log in by password: the proof, the device, the second factor",
    request: request.finishSessionRequest,
    answers: { 200: answer.openedSessionAnswer },
    problems: ["login-refused", "mfa-required", "mfa-refused", limited],
  },
  challengeSession: {
    method: "POST",
    path: "/sessions/challenge",
    access: "public",
    summary: "Log in by signature: a nonce",
    request: request.challengeSessionRequest,
    answers: { 200: answer.challengeAnswer },
    problems: [limited],
  },
  signatureSession: {
    method: "POST",
    path: "/sessions/signature",
    access: "public",
    summary: "Log in by signature: the signed statement",
    request: request.signatureSessionRequest,
    answers: { 200: answer.openedSessionAnswer },
    problems: ["login-refused", "mfa-required", "mfa-refused", limited],
  },
  recover: {
    method: "POST",
    path: "/recovery",
    access: "public",
    summary: "What a recovery phrase opens",
    request: request.recoveryRequest,
    answers: { 200: answer.recoveryAnswer },
    problems: ["unknown-recovery", limited],
  },

  listSessions: {
    method: "GET",
    path: "/sessions",
    access: "token",
    summary: "The account's devices",
    answers: { 200: answer.sessionsAnswer },
    problems: [...session],
  },
  endCurrentSession: {
    method: "DELETE",
    path: "/sessions/current",
    access: "token",
    summary: "Log out",
    answers: { 204: null },
    problems: [...session],
  },
  endSession: {
    method: "DELETE",
    path: "/sessions/:sessionId",
    access: "signed",
    summary: "Log out another device",
    answers: { 204: null },
    problems: [...signedOnes, "unknown-session"],
  },
  challenge: {
    method: "POST",
    path: "/challenges",
    access: "token",
    summary: "A nonce for one signed request",
    answers: { 200: answer.challengeAnswer },
    problems: [...session],
  },

  getAccount: {
    method: "GET",
    path: "/account",
    access: "token",
    summary: "Where the account stands",
    answers: { 200: answer.accountAnswer },
    problems: [...session],
  },
  changeId: {
    method: "PATCH",
    path: "/account",
    access: "signed",
    summary: "Change the account's address",
    request: request.changeIdRequest,
    answers: { 200: answer.changeIdAnswer },
    problems: [...signedOnes, "id-taken", "not-invited", limited, "mail-failed"],
  },
  verifyId: {
    method: "POST",
    path: "/account/verify",
    access: "token",
    summary: "Change the account's address: the mailed code",
    request: request.verifyIdRequest,
    answers: { 200: answer.changedIdAnswer },
    problems: [...session, "code-refused", "id-taken", limited],
  },
  deleteAccount: {
    method: "DELETE",
    path: "/account",
    access: "signed",
    summary: "Delete the account and everything in it",
    answers: { 204: null },
    problems: [...signedOnes],
  },

  getCredentials: {
    method: "GET",
    path: "/credentials",
    access: "token",
    summary: "Security states after an epoch, key slots, keyring",
    query: ["after"],
    answers: { 200: answer.credentialsAnswer },
    problems: [...session],
  },
  startCredentials: {
    method: "POST",
    path: "/credentials/start",
    access: "token",
    summary: "A new password: OPAQUE's first round",
    request: request.startCredentialsRequest,
    answers: { 200: answer.startedRegistrationAnswer },
    problems: [...session, limited],
  },
  putCredentials: {
    method: "PUT",
    path: "/credentials",
    access: "token",
    summary: "Change credentials, all or nothing; heal a restored host's states",
    request: request.putCredentialsRequest,
    bodyBytes: healingBodyBytes,
    carriesRevision: true,
    answers: { 200: answer.changedCredentialsAnswer },
    problems: [
      ...session,
      "start-again",
      "state-conflict",
      "head-moved",
      "refused-state",
      "refused-revision",
      "too-large",
      "storage-full",
      limited,
    ],
  },

  healCredentials: {
    method: "POST",
    path: "/credentials/heal",
    access: "public",
    summary: "The security states, pieces and revisions that a restored host lacks",
    request: request.healCredentialsRequest,
    bodyBytes: healingBodyBytes,
    carriesRevision: true,
    answers: { 200: answer.changedCredentialsAnswer },
    problems: [
      "login-refused",
      "mfa-required",
      "mfa-refused",
      "start-again",
      "state-conflict",
      "head-moved",
      "refused-state",
      "refused-revision",
      "too-large",
      "storage-full",
      limited,
    ],
  },

  startTotp: {
    method: "POST",
    path: "/mfa/totp",
    access: "signed",
    summary: "Second factor: a secret to enrol",
    request: request.startTotpRequest,
    answers: { 200: answer.startedTotpAnswer },
    problems: [...signedOnes, "mfa-on"],
  },
  confirmTotp: {
    method: "POST",
    path: "/mfa/totp/confirm",
    access: "signed",
    summary: "Second factor: on from now",
    request: request.confirmTotpRequest,
    answers: { 200: answer.recoveryCodesAnswer },
    problems: [...signedOnes, "start-again", "mfa-refused", "mfa-on", limited],
  },
  removeTotp: {
    method: "DELETE",
    path: "/mfa/totp",
    access: "signed",
    summary: "Second factor: off",
    answers: { 204: null },
    problems: [...signedOnes, "mfa-off"],
  },
  renewRecoveryCodes: {
    method: "POST",
    path: "/mfa/recovery-codes",
    access: "signed",
    summary: "Second factor: new recovery codes instead of the old ones",
    request: request.startTotpRequest,
    answers: { 200: answer.recoveryCodesAnswer },
    problems: [...signedOnes, "mfa-off"],
  },
  removeRecoveryCodes: {
    method: "DELETE",
    path: "/mfa/recovery-codes",
    access: "signed",
    summary: "Second factor: no recovery codes",
    answers: { 204: null },
    problems: [...signedOnes, "mfa-off"],
  },

  getWallet: {
    method: "GET",
    path: "/wallets/:walletId",
    access: "token",
    summary: "A wallet's newest revision",
    answers: { 200: answer.revisionAnswer, 304: null },
    problems: [...session, "unknown-wallet", "no-revision"],
  },
  putWallet: {
    method: "PUT",
    path: "/wallets/:walletId",
    access: "token",
    summary: "A wallet's next revision, if it follows the newest",
    request: request.putWalletRequest,
    carriesRevision: true,
    answers: { 200: answer.storedRevisionAnswer },
    problems: [
      ...session,
      "unknown-wallet",
      "conflict",
      "wrong-generation",
      "unknown-epoch",
      "refused-revision",
      "too-large",
      "storage-full",
      limited,
    ],
  },
  listRevisions: {
    method: "GET",
    path: "/wallets/:walletId/revisions",
    access: "token",
    summary: "A wallet's headers after a sequence",
    query: ["after", "limit"],
    answers: { 200: answer.headersAnswer },
    problems: [...session, "unknown-wallet"],
  },
  getRevision: {
    method: "GET",
    path: "/wallets/:walletId/revisions/:sequence",
    access: "token",
    summary: "One revision of a wallet",
    answers: { 200: answer.revisionAnswer },
    problems: [...session, "unknown-wallet", "no-revision", "body-gone"],
  },
  healWallet: {
    method: "POST",
    path: "/wallets/:walletId/revisions",
    access: "token",
    summary: "The revisions that a restored host lacks",
    request: request.healWalletRequest,
    bodyBytes: healingBodyBytes,
    carriesRevision: true,
    answers: { 200: answer.storedRevisionAnswer },
    problems: [
      ...session,
      "unknown-wallet",
      "conflict",
      "wrong-generation",
      "unknown-epoch",
      "refused-revision",
      "too-large",
      "storage-full",
      limited,
    ],
  },

  startPairing: {
    method: "POST",
    path: "/pairings",
    access: "public",
    summary: "Pairing: the new device waits for a message",
    request: request.startPairingRequest,
    answers: { 201: answer.startedPairingAnswer },
    problems: ["pairing-taken", limited],
  },
  putPairing: {
    method: "PUT",
    path: "/pairings/:pairingId",
    access: "token",
    summary: "Pairing: an unlocked device's message",
    request: request.putPairingRequest,
    bodyBytes: 2 * limits4.pairingBytes,
    answers: { 204: null },
    problems: [...session, "unknown-pairing", "pairing-taken"],
  },
  getPairing: {
    method: "GET",
    path: "/pairings/:pairingId",
    access: "claim",
    summary: "Pairing: the message, once",
    answers: { 200: answer.pairingAnswer, 204: null },
    problems: ["unknown-pairing"],
  },

  createTicket: {
    method: "POST",
    path: "/events/ticket",
    access: "token",
    summary: "A single-use ticket for the events socket",
    answers: { 200: answer.ticketAnswer },
    problems: [...session],
  },

  upgrade: {
    method: "POST",
    path: "/upgrade",
    access: "public",
    summary: "Make a protocol-3 account one of protocol 4",
    request: request.upgradeRequest,
    bodyBytes: credentialBodyBytes,
    carriesRevision: true,
    answers: { 201: answer.createdAccountAnswer },
    problems: [
      "start-again",
      "login-refused",
      "base-conflict",
      "identity-taken",
      "refused-state",
      "refused-revision",
      "too-large",
      limited,
      "busy",
    ],
  },
} as const satisfies Record<string, Operation4>;

export type OperationName4 = keyof typeof operations4;

/** Where the events socket is (a WebSocket, so it is no operation). */
export const EVENTS_PATH_4 = `${PROTOCOL_4_BASE_PATH}/events`;

/** An operation's path on a host, with its values in place. */
export function path4(
  operation: Operation4,
  values: Readonly<Record<string, string | number>> = {},
  query: Readonly<Record<string, number>> = {},
): string {
  const path = operation.path.replaceAll(/:([a-zA-Z]+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`${operation.path} needs ${name}`);
    return encodeURIComponent(value);
  });
  const search = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return `${PROTOCOL_4_BASE_PATH}${path}${search.length === 0 ? "" : `?${search.join("&")}`}`;
}

/** What a signed request names as its action (P4-40): method and path below the base path. */
export function actionOf(
  operation: Operation4,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const path = path4(operation, values).slice(PROTOCOL_4_BASE_PATH.length);
  return `${operation.method} ${path}`;
}

/** Headers of a signed request: the host's nonce, and the signature. */
export const signedRequestHeaders = {
  nonce: "holdfast-nonce",
  signature: "holdfast-signature",
} as const;

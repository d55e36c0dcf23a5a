/** Sessions: log-in by password and by signature, the list of devices, logging out, recovery (P4-30 …). */
import {
  type ChallengeAnswer,
  normalizeAccountId,
  type OpenedSessionAnswer,
  operations4,
  type RecoveryAnswer,
  type SessionsAnswer,
  type StartedSessionAnswer,
} from "@holdfast/protocol/protocol-4";
import type { OpenSessionOutcome } from "../../credentials/log-in.ts";
import { encodeCredentials, encodeSession } from "./encode.ts";
import { type AddRoute, type Answer4, limitKey } from "./route.ts";
import type { Services4 } from "./services-4.ts";

export function addSessionRoutes(addRoute: AddRoute, services: Services4): void {
  const { logIn, deviceSessions, recovery, signedRequests } = services;

  addRoute({
    operation: operations4.startSession,
    label: "sessions-start",
    limits: { of: "credentials", account: ({ id }) => loginKey(id) },
    async handle({ body }) {
      const answer: StartedSessionAnswer = await logIn.startPassword(body);
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.finishSession,
    label: "sessions-finish",
    limits: { of: "credentials" },
    async handle({ body, ip, recognise }) {
      const outcome = await logIn.finishPassword({ ...body, ip });
      if (outcome.type === "opened") recognise(loginKey(outcome.id));
      return encodeOpened(outcome);
    },
  });

  addRoute({
    operation: operations4.challengeSession,
    label: "sessions-challenge",
    limits: { of: "credentials", account: ({ identity }) => limitKey("identity", identity) },
    async handle({ body }) {
      const { nonce, expiresAtMs } = await logIn.challenge(body);
      const answer: ChallengeAnswer = { nonce, expiresAt: expiresAtMs };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.signatureSession,
    label: "sessions-signature",
    limits: { of: "credentials" },
    handle: async ({ body, ip }) => encodeOpened(await logIn.finishSignature({ ...body, ip })),
  });

  addRoute({
    operation: operations4.recover,
    label: "recovery",
    limits: { of: "credentials", account: ({ lookupId }) => limitKey("recovery", lookupId) },
    async handle({ body }) {
      const credentials = await recovery.find(body.lookupId);
      if (credentials === undefined) return { problem: "unknown-recovery" };
      const answer: RecoveryAnswer = { credentials: encodeCredentials(credentials) };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.listSessions,
    label: "sessions",
    async handle({ session: current }) {
      const sessions = await deviceSessions.list(current.userId);
      const answer: SessionsAnswer = {
        sessions: sessions.map((session) => ({
          sessionId: session.sessionId,
          deviceId: session.deviceId,
          name: session.name,
          createdAt: session.createdAtMs,
          lastSeenAt: session.lastSeenAtMs,
          expiresAt: session.expiresAtMs,
          current: session.sessionId === current.sessionId,
        })),
      };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.endCurrentSession,
    label: "sessions-current",
    async handle({ session }) {
      await deviceSessions.end(session.userId, session.sessionId);
      return { status: 204 };
    },
  });

  addRoute({
    operation: operations4.endSession,
    label: "sessions-one",
    async handle({ session, params }) {
      const outcome = await deviceSessions.endOther(session, params["sessionId"] ?? "");
      return outcome.type === "ended" ? { status: 204 } : { problem: outcome.type };
    },
  });

  addRoute({
    operation: operations4.challenge,
    label: "challenges",
    async handle({ session }) {
      const { nonce, expiresAtMs } = signedRequests.challenge(session);
      const answer: ChallengeAnswer = { nonce, expiresAt: expiresAtMs };
      return { status: 200, body: answer };
    },
  });
}

const loginKey = (id: string): string => limitKey("login", normalizeAccountId(id));

function encodeOpened(outcome: OpenSessionOutcome): Answer4 {
  switch (outcome.type) {
    case "opened": {
      const answer: OpenedSessionAnswer = {
        session: encodeSession(outcome.session),
        id: outcome.id,
        credentials: encodeCredentials(outcome.credentials),
      };
      return { status: 200, body: answer };
    }
    case "rate-limited":
      return { problem: outcome.type, retryAfterMs: outcome.retryAfterMs };
    case "login-refused":
    case "mfa-required":
    case "mfa-refused":
      return { problem: outcome.type };
  }
}

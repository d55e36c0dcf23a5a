/** POST /auth/full (P3-24 … P3-26). */
import { endpoints3, logInRequest, type LogInAnswer } from "@holdfast/protocol";
import type { FastifyInstance } from "fastify";
import type { LogInOutcome } from "../../sessions/sessions.ts";
import { refuse, sendJson } from "../answer.ts";
import { ignoreContentType, readBody } from "../json-body.ts";
import { isWithinLimits } from "../limit-calls.ts";
import type { Observe } from "../observe.ts";
import type { HttpServices, RefusalsOf } from "../services.ts";

const refusalByOutcome: RefusalsOf<LogInOutcome, "logged-in"> = {
  "no-match": "no-match",
  "not-verified": "not-verified",
  upgraded: "upgraded",
  busy: "busy",
};

export function addLogIn(app: FastifyInstance, services: HttpServices, observe: Observe): void {
  const { sessions, credentialLimits: limits, counters } = services;

  app.post(
    endpoints3.logIn,
    { onResponse: observe("auth-full"), onRequest: ignoreContentType },
    async (request, reply) => {
      const logIn = readBody(logInRequest, request.body, reply);
      if (logIn === undefined) return reply;
      if (!(await isWithinLimits({ limits, counters }, request, reply, logIn.email))) return reply;

      const outcome = await sessions.logIn(logIn);
      if (outcome.type !== "logged-in") return refuse(reply, refusalByOutcome[outcome.type]);
      limits.recognise({ ip: request.ip, email: logIn.email });
      const { token, session } = outcome;
      const answer: LogInAnswer = {
        token,
        deviceId: session.deviceId,
        scope: "*",
        userId: session.userId,
        expiration: new Date(session.expiresAtMs).toISOString(),
      };
      return sendJson(reply, 200, answer);
    },
  );
}

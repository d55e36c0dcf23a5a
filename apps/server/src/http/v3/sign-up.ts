/** POST /signup (P3-20 … P3-22). */
import { endpoints3, signUpRequest, type SignUpAnswer } from "@holdfast/protocol";
import type { FastifyInstance } from "fastify";
import type { SignUpOutcome } from "../../accounts/accounts.ts";
import { refuse, sendJson } from "../answer.ts";
import { ignoreContentType, readBody } from "../json-body.ts";
import { isWithinLimits } from "../limit-calls.ts";
import type { Observe } from "../observe.ts";
import type { HttpServices, RefusalsOf } from "../services.ts";

const refusalByOutcome: RefusalsOf<SignUpOutcome, "created"> = {
  "email-taken": "email-taken",
  "not-whitelisted": "not-whitelisted",
  busy: "busy",
};

export function addSignUp(app: FastifyInstance, services: HttpServices, observe: Observe): void {
  const { accounts, credentialLimits: limits, counters, sendVerificationMail } = services;

  app.post(
    endpoints3.signUp,
    { onResponse: observe("signup"), onRequest: ignoreContentType },
    async (request, reply) => {
      const signUp = readBody(signUpRequest, request.body, reply);
      if (signUp === undefined) return reply;
      if (!(await isWithinLimits({ limits, counters }, request, reply))) return reply;

      const outcome = await accounts.signUp(signUp);
      if (outcome.type !== "created") return refuse(reply, refusalByOutcome[outcome.type]);
      if (outcome.verificationToken !== undefined) {
        const mail = { email: signUp.email, token: outcome.verificationToken };
        const { type } = await sendVerificationMail(mail);
        if (type === "failed") return refuse(reply, "mail-failed");
      }
      const answer: SignUpAnswer = { verified: outcome.verified };
      return sendJson(reply, 201, answer);
    },
  );
}

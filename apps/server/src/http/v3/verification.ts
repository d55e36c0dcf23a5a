/** GET /verify and POST /verify/resend (P3-50 … P3-54). A person follows the link, so it answers in plain text. */
import { endpoints3, resendVerificationRequest } from "@holdfast/protocol";
import type { FastifyInstance } from "fastify";
import type { ResendOutcome } from "../../verification/verification.ts";
import { refuse, sendJson, sendText } from "../answer.ts";
import { ignoreContentType, readBody } from "../json-body.ts";
import { isWithinLimits } from "../limit-calls.ts";
import type { Observe } from "../observe.ts";
import type { HttpServices, RefusalsOf } from "../services.ts";
import { queryValue } from "../token.ts";

const VERIFIED = "Your account has been verified.";
const NO_TOKEN =
  "This link is incomplete: its verification token is missing. Copy the whole link from the mail into your browser.";
const UNKNOWN_TOKEN =
  "This link is not valid any more: it was used already, has expired, or is not ours. If you cannot log in yet, ask your app for a new mail.";

const refusalByOutcome: RefusalsOf<ResendOutcome, "issued"> = {
  "not-by-mail": "not-by-mail",
  "unknown-email": "no-match-for-email",
  "already-verified": "already-verified",
};

export function addVerification(
  app: FastifyInstance,
  services: HttpServices,
  observe: Observe,
): void {
  const { verification, credentialLimits, mailLimits, counters, sendVerificationMail } = services;

  app.get(endpoints3.verify, { onResponse: observe("verify") }, async (request, reply) => {
    const token = queryValue(request.query, "verifyToken");
    if (token === undefined) return sendText(reply, 400, NO_TOKEN);
    const limits = credentialLimits;
    if (!(await isWithinLimits({ limits, counters }, request, reply))) return reply;
    const outcome = await verification.redeem(token);
    return outcome.type === "verified"
      ? sendText(reply, 200, VERIFIED)
      : sendText(reply, 403, UNKNOWN_TOKEN);
  });

  app.post(
    endpoints3.resendVerification,
    { onResponse: observe("verify-resend"), onRequest: ignoreContentType },
    async (request, reply) => {
      const resend = readBody(resendVerificationRequest, request.body, reply);
      if (resend === undefined) return reply;
      const limits = mailLimits;
      if (!(await isWithinLimits({ limits, counters }, request, reply, resend.email))) return reply;

      const outcome = await verification.resend(resend.email);
      if (outcome.type !== "issued") return refuse(reply, refusalByOutcome[outcome.type]);
      const mail = { email: outcome.email, token: outcome.verificationToken };
      const { type } = await sendVerificationMail(mail);
      if (type === "failed") return refuse(reply, "mail-failed");
      return sendJson(reply, 200, {});
    },
  );
}

/** GET /client-salt-seed (P3-27, P3-28). */
import { endpoints3, isEmailAddress, type ClientSaltSeedAnswer } from "@holdfast/protocol";
import type { FastifyInstance } from "fastify";
import type { SaltSeedOutcome } from "../../accounts/accounts.ts";
import { refuse, sendJson } from "../answer.ts";
import { isWithinLimits } from "../limit-calls.ts";
import type { Observe } from "../observe.ts";
import type { HttpServices, RefusalsOf } from "../services.ts";
import { queryValue } from "../token.ts";

const STANDARD_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const refusalByOutcome: RefusalsOf<SaltSeedOutcome, "found"> = {
  "unknown-email": "no-salt-seed",
  upgraded: "upgraded",
};

/** The address in base64 of the standard alphabet, line breaks ignored; undefined when it is none. */
function decodeEmailParameter(parameter: string | undefined): string | undefined {
  const base64 = parameter?.replaceAll(/[\r\n]/g, "");
  if (base64 === undefined || !STANDARD_BASE64.test(base64)) return undefined;
  const email = Buffer.from(base64, "base64").toString("utf8");
  // Bytes that are no UTF-8 became U+FFFD.
  return isEmailAddress(email) && !email.includes("\u{fffd}") ? email : undefined;
}

export function addClientSaltSeed(
  app: FastifyInstance,
  services: HttpServices,
  observe: Observe,
): void {
  const { accounts, credentialLimits: limits, counters } = services;

  app.get(
    endpoints3.clientSaltSeed,
    { onResponse: observe("client-salt-seed") },
    async (request, reply) => {
      const email = decodeEmailParameter(queryValue(request.query, "email"));
      if (email === undefined) return refuse(reply, "invalid-email-parameter");
      if (!(await isWithinLimits({ limits, counters }, request, reply))) return reply;

      const outcome = await accounts.saltSeed(email);
      if (outcome.type !== "found") return refuse(reply, refusalByOutcome[outcome.type]);
      const { clientSaltSeed } = outcome;
      const answer: ClientSaltSeedAnswer = { clientSaltSeed };
      return sendJson(reply, 200, answer);
    },
  );
}

/** POST /password (P3-40 … P3-45). */
import { changePasswordRequest, endpoints3 } from "@holdfast/protocol";
import type { FastifyInstance } from "fastify";
import type { ChangeAccountPasswordOutcome } from "../../accounts/accounts.ts";
import { refuse, sendJson } from "../answer.ts";
import { ignoreContentType, readBody } from "../json-body.ts";
import { isWithinLimits } from "../limit-calls.ts";
import type { Observe } from "../observe.ts";
import type { HttpServices, RefusalsOf } from "../services.ts";

const refusalByOutcome: RefusalsOf<ChangeAccountPasswordOutcome, "changed"> = {
  "no-match": "no-match",
  "not-verified": "not-verified",
  upgraded: "upgraded",
  "bad-sequence": "bad-sequence-or-no-wallet",
  "wallet-required": "wallet-required",
  busy: "busy",
};

export function addPassword(app: FastifyInstance, services: HttpServices, observe: Observe): void {
  const { accounts, credentialLimits: limits, counters } = services;

  app.post(
    endpoints3.password,
    { onResponse: observe("password"), onRequest: ignoreContentType },
    async (request, reply) => {
      const change = readBody(changePasswordRequest, request.body, reply);
      if (change === undefined) return reply;
      if (!(await isWithinLimits({ limits, counters }, request, reply, change.email))) return reply;

      const { encryptedWallet, sequence, hmac, ...credentials } = change;
      const wallet = { encryptedWallet, sequence, hmac };
      const outcome = await accounts.changePassword(
        sequence === 0 ? credentials : { ...credentials, wallet },
      );
      if (outcome.type !== "changed") return refuse(reply, refusalByOutcome[outcome.type]);
      limits.recognise({ ip: request.ip, email: change.email });
      return sendJson(reply, 200, {});
    },
  );
}

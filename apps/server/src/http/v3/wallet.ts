/**
 * GET and POST /wallet (P3-30 … P3-36). The stored answer is sent as it lies in the store: nothing is encoded here, so
 * nothing can be mangled, and reading costs little more than a static file.
 */
import { endpoints3, parsePostWallet } from "@holdfast/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { onceThere, type Awaitable } from "../../awaitable.ts";
import { encodedRefusal, refuse, sendJsonBytes, sendStoredJson } from "../answer.ts";
import { acceptRequest, ignoreContentType } from "../json-body.ts";
import { traced, type Observe } from "../observe.ts";
import type { HttpServices } from "../services.ts";
import { queryToken, withBearerToken } from "../token.ts";

const COMMA = Buffer.from(",");

/** The 409 with the newest state: `error`, and the three fields of a stored answer. */
function encodeConflict(refusal: Buffer, walletAnswer: Buffer): Buffer {
  return Buffer.concat([refusal.subarray(0, -1), COMMA, walletAnswer.subarray(1)]);
}

export function addWallet(app: FastifyInstance, services: HttpServices, observe: Observe): void {
  const { sessions, wallets } = services;

  const sendNewest = (request: FastifyRequest, reply: FastifyReply): Awaitable<unknown> => {
    const token = queryToken(request.query, request.raw);
    if (token === undefined) return refuse(reply, "missing-token");
    return onceThere(sessions.authenticate(token, request.raw.socket), (session) => {
      if (session === undefined) return refuse(reply, "token-not-found");
      return onceThere(wallets.newest(session.userId), (wallet) => {
        if (wallet === undefined) return refuse(reply, "no-wallet");
        return sendStoredJson(reply, wallet.body);
      });
    });
  };

  // The call that there are most of.
  app.get(endpoints3.wallet, traced(services, "wallet", sendNewest));

  app.post(
    endpoints3.wallet,
    { onResponse: observe("wallet"), onRequest: ignoreContentType },
    async (request, reply) => {
      const body = withBearerToken(request.body, request.raw);
      const posted = acceptRequest(parsePostWallet(body), reply);
      if (posted === undefined) return reply;
      const { token, encryptedWallet, sequence, hmac } = posted;
      const session = await sessions.authenticate(token, request.raw.socket);
      if (session === undefined) return refuse(reply, "token-not-found");

      const wallet = { encryptedWallet, sequence, hmac, isPlain: request.bodyIsPlain };
      const outcome = await wallets.replace(session, wallet);
      switch (outcome.type) {
        case "replaced":
          return sendStoredJson(reply, outcome.wallet.body);
        case "session-ended":
          return refuse(reply, "token-not-found");
        case "conflict": {
          if (outcome.current === undefined) return refuse(reply, "bad-sequence");
          const { status, body } = encodedRefusal("bad-sequence");
          return sendJsonBytes(reply, status, encodeConflict(body, outcome.current.body));
        }
      }
    },
  );
}

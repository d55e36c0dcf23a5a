/** /pairings (P4-70 …). */
import {
  operations4,
  type PairingAnswer,
  type StartedPairingAnswer,
} from "@holdfast/protocol/protocol-4";
import type { AddRoute } from "./route.ts";
import type { Services4 } from "./services-4.ts";

export function addPairingRoutes(addRoute: AddRoute, { pairings }: Services4): void {
  addRoute({
    operation: operations4.startPairing,
    label: "pairings",
    limits: { of: "credentials" },
    async handle({ body }) {
      const outcome = pairings.start(body.pairingId);
      if (outcome.type !== "started") return { problem: outcome.type };
      const answer: StartedPairingAnswer = {
        claim: outcome.claim,
        expiresAt: outcome.expiresAtMs,
      };
      return { status: 201, body: answer };
    },
  });

  addRoute({
    operation: operations4.putPairing,
    label: "pairing",
    async handle({ session, params, body }) {
      const { type } = pairings.put(session, params["pairingId"] ?? "", body.message);
      return type === "sent" ? { status: 204 } : { problem: type };
    },
  });

  addRoute({
    operation: operations4.getPairing,
    label: "pairing",
    async handle({ params, bearer }) {
      const outcome = pairings.fetch(params["pairingId"] ?? "", bearer ?? "");
      switch (outcome.type) {
        case "fetched": {
          const answer: PairingAnswer = { message: outcome.message };
          return { status: 200, body: answer };
        }
        case "waiting":
          return { status: 204 };
        case "unknown-pairing":
          return { problem: outcome.type };
      }
    },
  });
}

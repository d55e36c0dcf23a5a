/** POST /upgrade (P4-90 …). */
import { parseBase64url } from "@holdfast/crypto/verify";
import { normalizeAccountId, operations4 } from "@holdfast/protocol/protocol-4";
import { encodeCreated } from "./encode.ts";
import { type AddRoute, limitKey } from "./route.ts";
import type { Services4 } from "./services-4.ts";

export function addUpgradeRoutes(addRoute: AddRoute, { upgrade }: Services4): void {
  addRoute({
    operation: operations4.upgrade,
    label: "upgrade",
    limits: {
      of: "credentials",
      // Guesses at the login password count against the address, as protocol 3's own do.
      account: ({ registrationId }) =>
        normalizeAccountId(upgrade.idOf(registrationId) ?? limitKey("upgrade", registrationId)),
    },
    async handle({ body }) {
      const { wallet, ...rest } = body;
      const outcome = await upgrade.upgrade({
        ...rest,
        wallet: wallet && {
          ...wallet,
          encryptedWallet: parseBase64url(wallet.encryptedWallet),
        },
      });
      switch (outcome.type) {
        case "upgraded":
          return { status: 201, body: encodeCreated(outcome) };
        case "refused-state":
        case "refused-revision":
          return { problem: outcome.type, detail: outcome.why };
        case "too-large":
          return { problem: outcome.type, members: { maxBytes: outcome.maxBytes } };
        case "busy":
          return { problem: outcome.type, retryAfterMs: 1000 };
        case "start-again":
        case "login-refused":
        case "base-conflict":
        case "identity-taken":
          return { problem: outcome.type };
      }
    },
  });
}

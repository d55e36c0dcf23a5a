/** /mfa (P4-60 …). */
import {
  operations4,
  type RecoveryCodesAnswer,
  type StartedTotpAnswer,
} from "@holdfast/protocol/protocol-4";
import type { SwitchFactorOutcome } from "../../second-factor/second-factor-store.ts";
import { type AddRoute, type Answer4, sessionKey } from "./route.ts";
import type { Services4 } from "./services-4.ts";

export function addMfaRoutes(addRoute: AddRoute, services: Services4): void {
  const { secondFactor, credentials } = services;

  addRoute({
    operation: operations4.startTotp,
    label: "mfa-totp",
    async handle({ session }) {
      const id = (await credentials.find(session.userId))?.id ?? "";
      const outcome = await secondFactor.start(session.userId, id);
      if (outcome.type !== "started") return { problem: outcome.type };
      const { enrolmentId, secret, uri } = outcome;
      const answer: StartedTotpAnswer = { enrolmentId, secret, uri };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.confirmTotp,
    label: "mfa-totp-confirm",
    limits: { of: "credentials", account: (_, session) => sessionKey("mfa", session) },
    async handle({ session, body }) {
      const outcome = await secondFactor.confirm(session, body.enrolmentId, body.code);
      switch (outcome.type) {
        case "enabled": {
          const answer: RecoveryCodesAnswer = { recoveryCodes: [...outcome.recoveryCodes] };
          return { status: 200, body: answer };
        }
        case "rate-limited":
          return { problem: outcome.type, retryAfterMs: outcome.retryAfterMs };
        case "mfa-on":
        case "mfa-refused":
        case "session-ended":
        case "start-again":
          return { problem: outcome.type };
      }
    },
  });

  addRoute({
    operation: operations4.removeTotp,
    label: "mfa-totp",
    handle: async ({ session }) => encodeSwitched(await secondFactor.disable(session)),
  });

  addRoute({
    operation: operations4.renewRecoveryCodes,
    label: "mfa-recovery-codes",
    async handle({ session }) {
      const outcome = await secondFactor.renewCodes(session);
      if (outcome.type !== "renewed") return encodeSwitched(outcome);
      const answer: RecoveryCodesAnswer = { recoveryCodes: [...outcome.recoveryCodes] };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.removeRecoveryCodes,
    label: "mfa-recovery-codes",
    handle: async ({ session }) => encodeSwitched(await secondFactor.removeCodes(session)),
  });
}

function encodeSwitched({ type }: SwitchFactorOutcome): Answer4 {
  if (type === "done") return { status: 204 };
  return { problem: type === "off" ? "mfa-off" : type };
}

/** POST /accounts/… (P4-20 …). */
import {
  type MailedAnswer,
  normalizeAccountId,
  operations4,
  type StartedRegistrationAnswer,
} from "@holdfast/protocol/protocol-4";
import { encodeCreated } from "./encode.ts";
import { type AddRoute, limitKey } from "./route.ts";
import type { Services4 } from "./services-4.ts";

export function addRegistrationRoutes(addRoute: AddRoute, { registration }: Services4): void {
  addRoute({
    operation: operations4.startAccount,
    label: "accounts-start",
    limits: {
      of: "credentials",
      account: ({ id }) => limitKey("register", normalizeAccountId(id)),
    },
    async handle({ body }) {
      const outcome = await registration.start(body);
      if (outcome.type !== "started") return { problem: outcome.type };
      const { registrationId, response } = outcome;
      const answer: StartedRegistrationAnswer = { registrationId, response };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.finishAccount,
    label: "accounts-finish",
    limits: { of: "mails" },
    async handle({ body }) {
      const outcome = await registration.finish(body);
      switch (outcome.type) {
        case "created":
          return { status: 201, body: encodeCreated(outcome) };
        case "mailed": {
          const answer: MailedAnswer = { expiresAt: outcome.expiresAtMs };
          return { status: 202, body: answer };
        }
        case "refused-state":
          return { problem: outcome.type, detail: outcome.why };
        case "start-again":
        case "id-taken":
        case "identity-taken":
        case "mail-failed":
          return { problem: outcome.type };
      }
    },
  });

  addRoute({
    operation: operations4.verifyAccount,
    label: "accounts-verify",
    limits: { of: "credentials" },
    async handle({ body }) {
      const outcome = await registration.verify(body);
      if (outcome.type !== "created") return { problem: outcome.type };
      return { status: 201, body: encodeCreated(outcome) };
    },
  });
}

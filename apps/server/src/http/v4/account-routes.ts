/** GET, PATCH and DELETE /account (P4-45 …). */
import {
  type AccountAnswer,
  type ChangedIdAnswer,
  type ChangeIdAnswer,
  operations4,
} from "@holdfast/protocol/protocol-4";
import { encodeHead } from "./encode.ts";
import { type AddRoute, sessionKey } from "./route.ts";
import type { Services4 } from "./services-4.ts";

export function addAccountRoutes(addRoute: AddRoute, { accountLife }: Services4): void {
  addRoute({
    operation: operations4.getAccount,
    label: "account",
    async handle({ session }) {
      const summary = await accountLife.summary(session.userId);
      if (summary === undefined) return { problem: "session-ended" };
      const { holder, mfa, wallets } = summary;
      const answer: AccountAnswer = {
        id: holder.id,
        version: 4,
        identity: holder.identity,
        epoch: holder.epoch,
        verified: true,
        mfa,
        wallets: wallets.map(encodeHead),
      };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.changeId,
    label: "account-id",
    limits: { of: "mails", account: (_, session) => sessionKey("change-id", session) },
    async handle({ session, body }) {
      const outcome = await accountLife.changeId(session, body.id);
      if (outcome.type === "changed") {
        const answer: ChangeIdAnswer = { type: "changed", id: outcome.id };
        return { status: 200, body: answer };
      }
      if (outcome.type !== "mailed") return { problem: outcome.type };
      const { changeId, expiresAtMs } = outcome;
      const answer: ChangeIdAnswer = { type: "mailed", changeId, expiresAt: expiresAtMs };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.verifyId,
    label: "account-verify",
    limits: { of: "credentials", account: (_, session) => sessionKey("verify-id", session) },
    async handle({ session, body }) {
      const outcome = await accountLife.verifyId(session, body);
      if (outcome.type !== "changed") return { problem: outcome.type };
      const answer: ChangedIdAnswer = { id: outcome.id };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.deleteAccount,
    label: "account-delete",
    async handle({ session }) {
      const outcome = await accountLife.remove(session);
      return outcome.type === "removed" ? { status: 204 } : { problem: outcome.type };
    },
  });
}

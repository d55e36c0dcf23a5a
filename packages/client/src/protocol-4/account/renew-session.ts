/**
 * A new session for a device that is unlocked (P4K-24). It proves the authority key; but where the password was changed
 * elsewhere meanwhile, the device forgets its keys instead (P4K-25).
 */
import type { OpenedSessionAnswer } from "@holdfast/protocol/protocol-4";
import type { Locked } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { logInBySignature } from "./log-in-signature.ts";
import { takeOver } from "./refresh-credentials.ts";
import { type LogInOutcome, sessionOf } from "./session.ts";
import { verifyCredentials } from "./verify-credentials.ts";

export async function renewSession(
  account: HeldAccount,
  options: { readonly mfaCode?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<LogInOutcome | Locked> {
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const { api, origin, record } = account;
  const { deviceId, deviceName } = record;
  return await logInBySignature(
    { api, origin, unlocked, deviceId, deviceName, purpose: { purpose: "session" }, ...options },
    async (answer) => await acceptRenewal(account, answer),
  );
}

async function acceptRenewal(
  account: HeldAccount,
  answer: OpenedSessionAnswer,
): Promise<LogInOutcome> {
  const { states: known, origin: host } = account;
  const verified = verifyCredentials({ known, host }, answer.credentials);
  if (verified.type !== "verified") return verified;
  await account.save({
    id: answer.id,
    session: sessionOf(answer.session),
    // A change that is pending is recognised, or not, where the states are taken over.
    ...(account.record.pending?.type !== "change" && { pending: null }),
  });
  const taken = await takeOver(account, verified);
  if (taken.type === "current" || taken.type === "taken-over")
    return { type: "logged-in", account };
  return taken.type === "session-ended" ? { type: "login-refused" } : taken;
}

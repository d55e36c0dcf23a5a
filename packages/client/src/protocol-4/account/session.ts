/** What comes of a login, by whatever way: nothing of it is kept before the credentials were verified and opened (P4K-21). */
import type { UnlockedAccount, VerifiedState } from "@holdfast/crypto";
import type { OpenedSessionAnswer, SessionAnswer } from "@holdfast/protocol/protocol-4";
import type { HeldAccount } from "../record/held-account.ts";
import type { AccountRecord } from "../record/account-record.ts";
import type { CredentialsChanged, HostFailure4, UnsupportedVersion } from "../outcomes.ts";
import type { VerifiedCredentials } from "./verify-credentials.ts";

export type LoggedIn4 = { readonly type: "logged-in"; readonly account: HeldAccount };

/** `withCode` goes on with the code; nothing that was typed before is asked again. */
export interface MfaAsked {
  readonly type: "mfa-required" | "mfa-refused";
  withCode(code: string): Promise<LogInOutcome>;
}

export type LogInFailure =
  /** wrong password, unknown account, or a forged answer: nothing tells these apart */
  { readonly type: "login-refused" } | CredentialsChanged | UnsupportedVersion | HostFailure4;

export type LogInOutcome = LoggedIn4 | MfaAsked | LogInFailure;

/** Whether the accountKey stays on the disk, or in memory only. */
export type KeepKey = "stored" | "in-memory";

/** How a device calls itself on the host. */
export type DeviceIdentity = { readonly deviceId: string; readonly deviceName: string };

export function sessionOf({
  token,
  sessionId,
  expiresAt,
}: SessionAnswer): NonNullable<AccountRecord["session"]> {
  return { token, sessionId, expiresAt };
}

/** Takes over what a login led to. */
export async function acceptSession(
  account: HeldAccount,
  { session, id }: Pick<OpenedSessionAnswer, "session" | "id">,
  verified: VerifiedCredentials,
  unlocked: UnlockedAccount,
): Promise<LoggedIn4> {
  const patch = account.adopt(
    unlocked,
    [...account.record.slots, ...verified.slots],
    verified.states,
  );
  const pending = pendingAfter(account, verified.states);
  await account.save({ ...patch, id, session: sessionOf(session), pending });
  return { type: "logged-in", account };
}

/** A registration or an upgrade is over with the first login; a change of credentials once the states have it. */
function pendingAfter(
  { record: { pending } }: HeldAccount,
  states: readonly VerifiedState[],
): AccountRecord["pending"] {
  if (pending?.type !== "change") return null;
  return states.some(({ hash }) => hash === pending.hash) ? null : pending;
}

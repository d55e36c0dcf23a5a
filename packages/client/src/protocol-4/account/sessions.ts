/** Sessions: the account's devices as the host lists them, and ending them (P4K-37). */
import type { SessionsAnswer } from "@holdfast/protocol/protocol-4";
import { callSigned } from "../api/signed-call.ts";
import type { HostFailure4, Locked, SessionEnded4 } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";

export type Device4 = SessionsAnswer["sessions"][number];

export async function listSessions(
  { api, token }: HeldAccount,
  signal?: AbortSignal,
): Promise<
  | { readonly type: "sessions"; readonly sessions: readonly Device4[] }
  | SessionEnded4
  | HostFailure4
> {
  if (token === null) return { type: "session-ended" };
  const answered = await api.call("listSessions", { token, signal });
  if (answered.type !== "answer") return answered;
  return { type: "sessions", sessions: answered.value.sessions };
}

/**
 * Ends another device's session. It forgets nothing by that and can log in again with its keys: a device that was lost is
 * shut out by a rotation.
 */
export async function endSession(
  account: HeldAccount,
  sessionId: string,
  signal?: AbortSignal,
): Promise<
  | { readonly type: "ended" }
  | { readonly type: "unknown-session" }
  | Locked
  | SessionEnded4
  | HostFailure4
> {
  const call = signedCallOf(account);
  if (call.type !== "ready") return call;
  const { token, signer } = call;
  const path = { sessionId };
  const answered = await callSigned(account.api, "endSession", { path, token, signal }, signer);
  if (answered.type === "answer") return { type: "ended" };
  if (answered.type !== "problem") return answered;
  return answered.code === "unknown-session" ? { type: answered.code } : refused(answered);
}

/**
 * Logs this device out: keys and token are forgotten here in any case; `hostTold` false: the host could not be told, and the
 * session ends there by itself when it was not used for long.
 */
export async function logOut(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<{ readonly type: "logged-out"; readonly hostTold: boolean }> {
  const { api, token } = account;
  await account.forget();
  if (token === null) return { type: "logged-out", hostTold: true };
  const answered = await api.call("endCurrentSession", { token, signal });
  const hostTold = answered.type === "answer" || answered.type === "session-ended";
  return { type: "logged-out", hostTold };
}

/** What a signed request needs; it does not leave the device. */
export function signedCallOf({ token, unlocked, origin, record }: HeldAccount) {
  if (unlocked === null) return { type: "locked" } as const;
  if (token === null) return { type: "session-ended" } as const;
  const signer = {
    identity: record.identity,
    host: origin,
    seed: unlocked.keyring.authoritySeed,
  };
  return { type: "ready", token, signer } as const;
}

export function refused({
  code,
  detail,
}: {
  readonly code: "signature-required" | "signature-refused";
  readonly detail: string;
}): HostFailure4 {
  return { type: "host-refused", status: 403, code, detail };
}

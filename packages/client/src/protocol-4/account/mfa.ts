/** The second factor (P4K-38): every change of it is signed, so that a token alone cannot turn it off. */
import { callSigned } from "../api/signed-call.ts";
import type { HostFailure4, Locked, SessionEnded4 } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { refused, signedCallOf } from "./sessions.ts";

type Failure = Locked | SessionEnded4 | HostFailure4;

export type StartMfaOutcome =
  | {
      readonly type: "started";
      readonly enrolmentId: string;
      /** base32, shown to the person once */
      readonly secret: string;
      /** `otpauth://…`, for a QR code */
      readonly uri: string;
    }
  | { readonly type: "mfa-on" }
  | Failure;

/** A secret for an authenticator app; nothing is on before `confirmMfa`. */
export async function startMfa(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<StartMfaOutcome> {
  const call = signedCallOf(account);
  if (call.type !== "ready") return call;
  const { token, signer } = call;
  const answered = await callSigned(account.api, "startTotp", { body: {}, token, signal }, signer);
  if (answered.type === "answer") return { type: "started", ...answered.value };
  if (answered.type !== "problem") return answered;
  return answered.code === "mfa-on" ? { type: "mfa-on" } : refused(answered);
}

export type RecoveryCodes = {
  readonly type: "codes";
  /** each works once; shown to the person this once */
  readonly recoveryCodes: readonly string[];
};

export async function confirmMfa(
  account: HeldAccount,
  input: { readonly enrolmentId: string; readonly code: string },
  signal?: AbortSignal,
): Promise<RecoveryCodes | { readonly type: "mfa-refused" | "start-again" | "mfa-on" } | Failure> {
  const call = signedCallOf(account);
  if (call.type !== "ready") return call;
  const { token, signer } = call;
  const answered = await callSigned(
    account.api,
    "confirmTotp",
    { body: input, token, signal },
    signer,
  );
  if (answered.type === "answer") return { type: "codes", ...answered.value };
  if (answered.type !== "problem") return answered;
  switch (answered.code) {
    case "mfa-refused":
    case "start-again":
    case "mfa-on":
      return { type: answered.code };
    case "signature-required":
    case "signature-refused":
      return refused({ code: answered.code, detail: answered.detail });
  }
}

export async function disableMfa(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<{ readonly type: "disabled" } | { readonly type: "mfa-off" } | Failure> {
  return await withdraw(account, "removeTotp", signal);
}

/** New recovery codes; the ones before work no more. */
export async function renewRecoveryCodes(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<RecoveryCodes | { readonly type: "mfa-off" } | Failure> {
  const call = signedCallOf(account);
  if (call.type !== "ready") return call;
  const { token, signer } = call;
  const answered = await callSigned(
    account.api,
    "renewRecoveryCodes",
    { body: {}, token, signal },
    signer,
  );
  if (answered.type === "answer") return { type: "codes", ...answered.value };
  if (answered.type !== "problem") return answered;
  return answered.code === "mfa-off" ? { type: "mfa-off" } : refused(answered);
}

export async function removeRecoveryCodes(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<{ readonly type: "disabled" } | { readonly type: "mfa-off" } | Failure> {
  return await withdraw(account, "removeRecoveryCodes", signal);
}

async function withdraw(
  account: HeldAccount,
  name: "removeTotp" | "removeRecoveryCodes",
  signal: AbortSignal | undefined,
): Promise<{ readonly type: "disabled" } | { readonly type: "mfa-off" } | Failure> {
  const call = signedCallOf(account);
  if (call.type !== "ready") return call;
  const { token, signer } = call;
  const answered = await callSigned(account.api, name, { token, signal }, signer);
  if (answered.type === "answer") return { type: "disabled" };
  if (answered.type !== "problem") return answered;
  return answered.code === "mfa-off" ? { type: "mfa-off" } : refused(answered);
}

/**
 * Logging in by authority signature (P4C-41): for an unlocked device whose session is over, and after the phrase or a
 * pairing. The origin is that of the client's own connection, so that no host can pass the login on to another.
 */
import { type HostOrigin, signLogin, type UnlockedAccount } from "@holdfast/crypto";
import type { ChallengeSessionRequest, OpenedSessionAnswer } from "@holdfast/protocol/protocol-4";
import type { HostApi4 } from "../api/host-api.ts";
import type { DeviceIdentity, LogInOutcome } from "./session.ts";

export type SignatureLogIn = DeviceIdentity & {
  readonly api: HostApi4;
  readonly origin: HostOrigin;
  readonly unlocked: UnlockedAccount;
  readonly purpose:
    | { readonly purpose: "session" }
    | { readonly purpose: "recovery"; readonly lookupId: string }
    | { readonly purpose: "pairing"; readonly pairingId: string };
  readonly mfaCode?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Proves the authority key; `accept` judges what the host then shows. */
export async function logInBySignature(
  input: SignatureLogIn,
  accept: (answer: OpenedSessionAnswer) => Promise<LogInOutcome>,
): Promise<LogInOutcome> {
  const { api, origin, unlocked, purpose, deviceId, deviceName, signal } = input;
  const { identity } = unlocked.state.account;
  const body: ChallengeSessionRequest = { ...purpose, identity, deviceId };
  const attempt = async (mfaCode?: string): Promise<LogInOutcome> => {
    const challenge = await api.call("challengeSession", { body, signal });
    if (challenge.type !== "answer") return challenge;
    const { nonce, expiresAt } = challenge.value;
    const statement = {
      hostOrigin: origin,
      identity,
      deviceId,
      purpose: purpose.purpose,
      nonce,
      expiresAt,
    };
    const signature = signLogin(statement, unlocked.keyring.authoritySeed);
    const answered = await api.call("signatureSession", {
      body: { nonce, signature, deviceName, ...(mfaCode !== undefined && { mfaCode }) },
      signal,
    });
    if (answered.type === "answer") return await accept(answered.value);
    if (answered.type !== "problem") return answered;
    if (answered.code === "login-refused") return { type: "login-refused" };
    return { type: answered.code, withCode: attempt };
  };
  return await attempt(input.mfaCode);
}

/**
 * Registering an account (P4K-30, P4K-31). What is sent is durable before it is sent, so that after a lost answer the same
 * account is recognised, and never a second one is made.
 */
import {
  createAccount,
  CryptoError,
  type NewSlot,
  passwordSlotKey,
  type RecoveryEntropy,
  recoveryReference,
  recoverySlotKey,
} from "@holdfast/crypto";
import { type HostFailure4, misbehaves } from "../outcomes.ts";
import type { AccountPorts } from "../record/account-ports.ts";
import { originOf } from "../record/account-record.ts";
import { apiFor, type HeldAccount, opaqueOf } from "../record/held-account.ts";
import { createDeviceId, holdAccount } from "./new-record.ts";
import { type KeepKey, sessionOf } from "./session.ts";
import { renewSession } from "./renew-session.ts";

export type Registration = {
  readonly host: URL;
  readonly id: string;
  readonly password: string;
  readonly deviceName: string;
  /** with a recovery slot that these words open; they are shown to the person before */
  readonly phrase?: RecoveryEntropy;
  readonly keep?: KeepKey;
  readonly signal?: AbortSignal;
};

export type RegisterOutcome4 =
  | { readonly type: "registered"; readonly account: HeldAccount }
  /** a code was mailed to the address: `confirmRegistration` */
  | { readonly type: "code-mailed"; readonly account: HeldAccount; readonly expiresAt: number }
  /** whether the account is there is unknown; `settleRegistration` finds out */
  | { readonly type: "unsettled"; readonly account: HeldAccount; readonly failure: HostFailure4 }
  | { readonly type: "not-invited" }
  | { readonly type: "id-taken" }
  | { readonly type: "mail-failed" }
  /** too much time passed, or the host does not take it; nothing was registered */
  | { readonly type: "not-registered"; readonly detail: string }
  | HostFailure4;

/** Makes an account with one wallet, `default`. */
export async function register(
  ports: AccountPorts,
  input: Registration,
): Promise<RegisterOutcome4> {
  const { host, id, password, phrase, deviceName, keep = "stored", signal } = input;
  const api = apiFor(ports, host);
  const opaque = await opaqueOf(ports);
  const round = opaque.startRegistration(password);
  const started = await api.call("startAccount", {
    body: { id, registration: round.request },
    signal,
  });
  if (started.type === "problem") return { type: started.code };
  if (started.type !== "answer") return started;
  const { registrationId, response } = started.value;
  const made = makeAccount();
  if (made === null)
    return misbehaves("malformed-answer", "its answer to the registration is none");
  const { change, account: unlocked, record } = made;

  const deviceId = createDeviceId(ports);
  const request = {
    registrationId,
    record,
    state: change.state,
    slots: [...change.slots],
    keyring: unlocked.sealedKeyring,
    device: { deviceId, name: deviceName },
  };
  const account = holdAccount(
    ports,
    {
      host,
      id,
      deviceId,
      deviceName,
      unlocked,
      states: [unlocked.state],
      slots: change.slots,
      keep,
    },
    { pending: { type: "registration", request, isMailed: false } },
  );
  await account.save({});
  return await sendRegistration(account, signal);

  function makeAccount() {
    try {
      const { reference, rootKey, record } = opaque.finishRegistration(password, round, response);
      const slots = [{ key: passwordSlotKey(rootKey), reference }, ...phraseSlots(phrase)];
      const environment = { random: ports.randomBytes, savedAt: ports.clock.nowMs() };
      return { record, ...createAccount(originOf(host), slots, environment) };
    } catch (error) {
      if (error instanceof CryptoError && error.code === "malformed") return null;
      throw error;
    }
  }
}

/** Finds out what became of a registration whose answer was lost. */
export async function settleRegistration(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<RegisterOutcome4> {
  const { pending } = account.record;
  if (pending === null) return { type: "registered", account };
  return await sendRegistration(account, signal);
}

/** The mailed code, typed into the registering device. */
export async function confirmRegistration(
  account: HeldAccount,
  code: string,
  signal?: AbortSignal,
): Promise<RegisterOutcome4 | { readonly type: "code-refused" }> {
  const { pending } = account.record;
  if (pending?.type !== "registration") return { type: "registered", account };
  const { registrationId } = pending.request;
  const answered = await account.api.call("verifyAccount", {
    body: { registrationId, code },
    signal,
  });
  if (answered.type === "answer") return await accept(account, answered.value);
  if (answered.type !== "problem") return answered;
  switch (answered.code) {
    case "code-refused":
      return { type: "code-refused" };
    case "id-taken":
      return { type: "id-taken" };
    case "identity-taken":
      return await findOut(account, { type: "id-taken" }, signal);
  }
}

export function phraseSlots(phrase: RecoveryEntropy | undefined): readonly NewSlot[] {
  if (phrase === undefined) return [];
  return [{ key: recoverySlotKey(phrase), reference: recoveryReference(phrase) }];
}

async function sendRegistration(
  account: HeldAccount,
  signal: AbortSignal | undefined,
): Promise<RegisterOutcome4> {
  const { pending } = account.record;
  if (pending?.type !== "registration") return { type: "registered", account };
  const answered = await account.api.call("finishAccount", { body: pending.request, signal });
  if (answered.type === "answer") {
    if (answered.status === 201) return await accept(account, answered.value);
    await account.save({ pending: { ...pending, isMailed: true } });
    return { type: "code-mailed", account, expiresAt: answered.value.expiresAt };
  }
  if (answered.type !== "problem") return { type: "unsettled", account, failure: answered };
  switch (answered.code) {
    case "mail-failed":
      return { type: "mail-failed" };
    case "id-taken":
      return await findOut(account, { type: "id-taken" }, signal);
    case "identity-taken":
    case "start-again":
    case "refused-state":
      return await findOut(account, { type: "not-registered", detail: answered.detail }, signal);
  }
}

async function accept(
  account: HeldAccount,
  { identity, session }: { identity: string; session: Parameters<typeof sessionOf>[0] },
): Promise<RegisterOutcome4> {
  if (identity !== account.record.identity)
    return misbehaves("false-receipt", "it says it made another account than the one sent");
  await account.save({ session: sessionOf(session), pending: null });
  return { type: "registered", account };
}

/** The host refuses the request now; whether an earlier one arrived, the account's own key tells. */
async function findOut(
  account: HeldAccount,
  ifNot: RegisterOutcome4,
  signal: AbortSignal | undefined,
): Promise<RegisterOutcome4> {
  const outcome = await renewSession(account, { signal });
  switch (outcome.type) {
    case "logged-in":
      return { type: "registered", account };
    case "login-refused":
      return ifNot;
    case "mfa-required":
    case "mfa-refused":
    case "locked":
    case "credentials-changed":
    case "unsupported-version":
      return ifNot;
    case "unreachable":
    case "host-misbehaves":
    case "host-failed":
    case "host-refused":
    case "rate-limited":
      return { type: "unsettled", account, failure: outcome };
  }
}

/** Logging in by password (OPAQUE): the password never leaves the device, in no form (P4K-21). */
import { passwordSlotKey, type SlotKey } from "@holdfast/crypto";
import { isSameAccountId, type OpenedSessionAnswer } from "@holdfast/protocol/protocol-4";
import { rememberProtocol4 } from "../../protocol-memory/protocol-memory.ts";
import { CryptoError } from "@holdfast/crypto";
import type { AccountPorts } from "../record/account-ports.ts";
import { originOf } from "../record/account-record.ts";
import { apiFor, type HeldAccount, opaqueOf } from "../record/held-account.ts";
import { misbehaves } from "../outcomes.ts";
import { createDeviceId, holdAccount } from "./new-record.ts";
import { acceptSession, type KeepKey, type LogInOutcome } from "./session.ts";
import { unlockBySlot, verifyCredentials } from "./verify-credentials.ts";

export type PasswordLogIn = {
  readonly host: URL;
  readonly id: string;
  readonly password: string;
  readonly deviceName: string;
  readonly keep?: KeepKey;
  readonly mfaCode?: string;
  readonly signal?: AbortSignal;
};

/** Logs a device in that knows nothing of the account. */
export async function logInByPassword(
  ports: AccountPorts,
  input: PasswordLogIn,
): Promise<LogInOutcome> {
  const deviceId = createDeviceId(ports);
  return await logIn(ports, { ...input, deviceId }, null);
}

/**
 * Logs in again where the account is known: what the host shows has to follow what this device remembers. `id`: its address now, where
 * another device changed it.
 */
export async function logInAgain(
  account: HeldAccount,
  {
    id,
    ...input
  }: Pick<PasswordLogIn, "password" | "mfaCode" | "signal"> & { readonly id?: string },
): Promise<LogInOutcome> {
  const { record } = account;
  const { deviceId, deviceName } = record;
  return await logIn(
    account.ports,
    { ...input, host: new URL(record.host), id: id ?? record.id, deviceId, deviceName },
    account,
  );
}

async function logIn(
  ports: AccountPorts,
  input: PasswordLogIn & { readonly deviceId: string },
  known: HeldAccount | null,
): Promise<LogInOutcome> {
  const { host, id, password, deviceId, deviceName, mfaCode, signal } = input;
  const api = known?.api ?? apiFor(ports, host);
  const opaque = await opaqueOf(ports);
  const round = opaque.startLogin(password);
  const started = await api.call("startSession", { body: { id, login: round.request }, signal });
  if (started.type !== "answer") return started;
  const { loginId, response } = started.value;
  const proof = readable(() => opaque.finishLogin(password, round, response, originOf(host)));
  if (proof === null) return misbehaves("malformed-answer", "its answer to the login is none");
  if (proof.type === "refused") return { type: "login-refused" };
  const key = passwordSlotKey(proof.rootKey);

  const finish = async (code?: string): Promise<LogInOutcome> => {
    const answered = await api.call("finishSession", {
      body: {
        loginId,
        finish: proof.finish,
        device: { deviceId, name: deviceName },
        ...(code !== undefined && { mfaCode: code }),
      },
      signal,
    });
    if (answered.type === "answer") return await accept(ports, input, known, answered.value, key);
    if (answered.type !== "problem") return answered;
    if (answered.code === "login-refused") return { type: "login-refused" };
    return { type: answered.code, withCode: finish };
  };
  return await finish(mfaCode);
}

async function accept(
  ports: AccountPorts,
  {
    host,
    id,
    deviceId,
    deviceName,
    keep = "stored",
  }: PasswordLogIn & { readonly deviceId: string },
  known: HeldAccount | null,
  answer: OpenedSessionAnswer,
  key: SlotKey,
): Promise<LogInOutcome> {
  const expected = { known: known?.states ?? [], host: originOf(host) };
  const verified = verifyCredentials(expected, answer.credentials);
  if (verified.type !== "verified") return verified;
  const opened = unlockBySlot(verified, key);
  if (opened.type !== "unlocked") return opened;
  // What was typed, whatever the host calls it: else it could have the device remember another address (P4K-5).
  await rememberProtocol4(ports.protocolMemory, host, id);
  if (!isSameAccountId(answer.id, id))
    return misbehaves("wrong-account", "it names another address than the one that was given");
  const unlocked = opened.account;
  const account =
    known ??
    holdAccount(ports, { host, id: answer.id, deviceId, deviceName, unlocked, keep, ...verified });
  return await acceptSession(account, answer, verified, unlocked);
}

/** null: the host's message is none of OPAQUE's. */
function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CryptoError && error.code === "malformed") return null;
    throw error;
  }
}

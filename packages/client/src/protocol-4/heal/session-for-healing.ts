/**
 * A session on a host that came back from a backup. What it shows is older than what this device remembers, so an ordinary
 * login refuses it; here that is expected, as long as it is the very beginning of the account's own chain.
 */
import { CryptoError, hashText } from "@holdfast/crypto";
import type { OpenedSessionAnswer } from "@holdfast/protocol/protocol-4";
import { logInBySignature } from "../account/log-in-signature.ts";
import { sessionOf } from "../account/session.ts";
import { misbehaves } from "../outcomes.ts";
import { type HeldAccount, opaqueOf } from "../record/held-account.ts";
import type { HealOutcome } from "./heal-outcome.ts";

type Credentials = {
  readonly oldPassword: string | undefined;
  readonly mfaCode: string | undefined;
};

export async function sessionForHealing(
  account: HeldAccount,
  { oldPassword, mfaCode }: Credentials,
  signal: AbortSignal | undefined,
): Promise<{ readonly type: "session" } | Exclude<HealOutcome, { readonly type: "healed" }>> {
  const { api, token, unlocked, record, origin } = account;
  if (unlocked === null) return { type: "locked" };
  if (token !== null) {
    const known = await api.call("getAccount", { token, signal });
    if (known.type === "answer") return { type: "session" };
    if (known.type !== "session-ended") return known;
  }
  if (oldPassword !== undefined) return await byPassword(account, { oldPassword, mfaCode }, signal);
  const { deviceId, deviceName } = record;
  const purpose = { purpose: "session" } as const;
  const outcome = await logInBySignature(
    { api, origin, unlocked, deviceId, deviceName, purpose, mfaCode, signal },
    async (answer) => {
      if (!isOurBeginning(account, answer)) return otherChain();
      await account.save({ session: sessionOf(answer.session) });
      return { type: "logged-in", account };
    },
  );
  switch (outcome.type) {
    case "logged-in":
      return { type: "session" };
    case "login-refused":
      return { type: "old-password-needed" };
    case "mfa-required":
    case "mfa-refused":
      return { type: outcome.type };
    case "credentials-changed":
    case "unsupported-version":
      return { type: "refused", detail: outcome.type };
    case "unreachable":
    case "host-misbehaves":
    case "host-failed":
    case "host-refused":
    case "rate-limited":
      return outcome;
  }
}

async function byPassword(
  account: HeldAccount,
  { oldPassword: password, mfaCode }: Credentials & { readonly oldPassword: string },
  signal: AbortSignal | undefined,
) {
  const { api, record, ports, origin } = account;
  const opaque = await opaqueOf(ports);
  const round = opaque.startLogin(password);
  const body = { id: record.id, login: round.request };
  const started = await api.call("startSession", { body, signal });
  if (started.type !== "answer") return started;
  const { loginId, response } = started.value;
  let proof;
  try {
    proof = opaque.finishLogin(password, round, response, origin);
  } catch (error) {
    if (error instanceof CryptoError)
      return misbehaves("malformed-answer", "its answer to the login is none");
    throw error;
  }
  if (proof.type === "refused") return { type: "login-refused" } as const;
  const device = { deviceId: record.deviceId, name: record.deviceName };
  const { finish } = proof;
  const opened = await api.call("finishSession", {
    body: { loginId, finish, device, ...(mfaCode !== undefined && { mfaCode }) },
    signal,
  });
  if (opened.type === "problem") return { type: opened.code } as const;
  if (opened.type !== "answer") return opened;
  if (!isOurBeginning(account, opened.value)) return otherChain();
  await account.save({ session: sessionOf(opened.value.session) });
  return { type: "session" } as const;
}

function otherChain() {
  return misbehaves("fork", "it shows other credentials than those of this account");
}

function isOurBeginning({ states }: HeldAccount, { credentials }: OpenedSessionAnswer): boolean {
  const theirs = credentials.states.map(({ body }) => hashText(body));
  return theirs.length > 0 && theirs.every((hash, at) => hash === states[at]?.hash);
}

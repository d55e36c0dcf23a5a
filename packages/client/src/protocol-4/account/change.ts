/**
 * One atomic change of credentials (P4K-32, P4K-33): made, written down, sent, and taken over or given up by what the host's
 * states show. A crash or a lost answer at any point leaves an account that works under the old credentials or the new ones.
 */
import type { ChangedAccount } from "@holdfast/crypto";
import type { PutCredentialsRequest } from "@holdfast/protocol/protocol-4";
import {
  type CredentialsChanged,
  type HostFailure4,
  type Locked,
  misbehaves,
  type SessionEnded4,
  type UnsupportedVersion,
} from "../outcomes.ts";
import type { AccountRecord, PendingChange } from "../record/account-record.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { logInBySignature } from "./log-in-signature.ts";
import { refreshCredentials } from "./refresh-credentials.ts";
import { renewSession } from "./renew-session.ts";
import { acceptSession, type LogInOutcome, type MfaAsked, sessionOf } from "./session.ts";
import { unlockByKey, verifyCredentials } from "./verify-credentials.ts";

export type ChangeOutcome4 =
  | { readonly type: "changed" }
  /** the host does not take it, for good; everything is as it was */
  | { readonly type: "not-changed"; readonly reason: NotChanged; readonly detail: string }
  /** the answer was lost: `settleChange` finds out which credentials are the account's */
  | { readonly type: "unsettled"; readonly failure: HostFailure4 | SessionEnded4 }
  | Locked
  | MfaAsked
  | CredentialsChanged
  | SessionEnded4
  | UnsupportedVersion
  | HostFailure4;

export type NotChanged =
  /** too much time passed: begin again */
  | "start-again"
  /** another device was faster: look at what it did, then begin again */
  | "overtaken"
  /** a wallet was pushed meanwhile */
  | "head-moved"
  | "refused";

export type ChangeToSend = {
  readonly changed: ChangedAccount;
  /** where the password is new */
  readonly password?: PutCredentialsRequest["password"];
  /** what else is remembered together with the change */
  readonly meanwhile?: Partial<AccountRecord>;
  readonly signal?: AbortSignal | undefined;
};

/** Sends a change; the account has to be without another one that is pending (`settleChange`). */
export async function sendChange(
  account: HeldAccount,
  change: ChangeToSend,
): Promise<ChangeOutcome4> {
  return await account.inTurn(async () => await writeAndSend(account, change));
}

async function writeAndSend(
  account: HeldAccount,
  { changed: { change, account: after }, password, meanwhile = {}, signal }: ChangeToSend,
): Promise<ChangeOutcome4> {
  const pending: PendingChange = {
    type: "change",
    request: {
      states: [change.state],
      slots: [...change.slots],
      ...(change.keyring !== undefined && { keyring: change.keyring }),
      ...(password !== undefined && { password }),
    },
    hash: after.state.hash,
    slots: [...account.record.slots, ...change.slots],
    keyring: after.sealedKeyring,
    key: account.nextKeyOf(after),
  };
  const previous = account.record.toRenew;
  await account.save({ ...meanwhile, pending });
  const outcome = await send(account, pending, signal);
  if (outcome.type === "not-changed" && meanwhile.toRenew !== undefined)
    await account.save({ toRenew: previous });
  if (outcome.type !== "accepted") return outcome;
  const isKnown = account.newest.hash === after.state.hash;
  const states = isKnown ? account.states : [...account.states, after.state];
  const patch = account.adopt(after, pending.slots, states);
  await account.save({
    ...patch,
    ...(outcome.session !== null && { session: outcome.session }),
    pending: null,
  });
  return { type: "changed" };
}

/** What became of a change whose answer was lost; `changed` also where none was pending. */
export async function settleChange(
  account: HeldAccount,
  options: SettleOptions = {},
): Promise<ChangeOutcome4> {
  return await account.inTurn(async () => await settle(account, options));
}

type SettleOptions = { readonly mfaCode?: string; readonly signal?: AbortSignal | undefined };

/** An honest host settles a change in two looks; one that takes it again and again and never shows it is not waited for. */
const maxLooks = 4;

async function settle(
  account: HeldAccount,
  options: SettleOptions,
  look = 1,
): Promise<ChangeOutcome4> {
  const { pending } = account.record;
  if (pending?.type !== "change") return { type: "changed" };
  if (look > maxLooks) {
    const detail = "it says it took a change of the credentials, and does not show it";
    return { type: "unsettled", failure: misbehaves("false-receipt", detail) };
  }
  const { signal } = options;
  const seen = await refreshCredentials(account, signal);
  switch (seen.type) {
    case "taken-over": {
      if (seen.ownChange) return { type: "changed" };
      await account.save({ pending: null });
      return { type: "not-changed", reason: "overtaken", detail: "another device was faster" };
    }
    case "current": {
      const again = await send(account, pending, signal);
      if (again.type !== "accepted") return again;
      // It was accepted now: the states have it, and it is taken over from there.
      if (again.session !== null) await account.save({ session: again.session });
      return await settle(account, options, look + 1);
    }
    case "session-ended":
      return await settleWithoutSession(account, pending, options, look);
    case "credentials-changed":
      await account.save({ pending: null });
      return seen;
    case "unsupported-version":
    case "unreachable":
    case "host-misbehaves":
    case "host-failed":
    case "host-refused":
    case "rate-limited":
      return seen;
  }
}

type Sent =
  | { readonly type: "accepted"; readonly session: AccountRecord["session"] }
  | Exclude<ChangeOutcome4, { readonly type: "changed" }>;

async function send(
  account: HeldAccount,
  pending: PendingChange,
  signal: AbortSignal | undefined,
): Promise<Sent> {
  const { token } = account;
  if (token === null) return { type: "session-ended" };
  const answered = await account.api.call("putCredentials", {
    body: pending.request,
    token,
    signal,
  });
  if (answered.type === "answer") {
    const { session, epoch } = answered.value;
    if (epoch !== account.newest.epoch + 1) {
      const detail = `it says it stored epoch ${epoch}, which is not the one that was sent`;
      return { type: "unsettled", failure: misbehaves("false-receipt", detail) };
    }
    return { type: "accepted", session: session === undefined ? null : sessionOf(session) };
  }
  if (answered.type !== "problem") return { type: "unsettled", failure: answered };
  if (answered.code === "state-conflict") {
    // Perhaps because an earlier sending of this very change was accepted.
    const seen = await refreshCredentials(account, signal);
    if (seen.type === "taken-over" && seen.ownChange)
      return { type: "accepted", session: account.record.session };
    if (seen.type !== "taken-over" && seen.type !== "current") return asSent(seen);
  }
  await account.save({ pending: null });
  const reasons = {
    "start-again": "start-again",
    "state-conflict": "overtaken",
    "head-moved": "head-moved",
    "refused-state": "refused",
    "refused-revision": "refused",
    "too-large": "refused",
    "storage-full": "refused",
  } as const;
  return { type: "not-changed", reason: reasons[answered.code], detail: answered.detail };
}

function asSent(
  failure: Exclude<
    Awaited<ReturnType<typeof refreshCredentials>>,
    { type: "current" | "taken-over" }
  >,
): Sent {
  return failure.type === "credentials-changed" || failure.type === "unsupported-version"
    ? failure
    : { type: "unsettled", failure };
}

/** The change may have ended the session: the key it led to opens a new one if it was accepted, the old one if it was not. */
async function settleWithoutSession(
  account: HeldAccount,
  pending: PendingChange,
  options: SettleOptions,
  look: number,
): Promise<ChangeOutcome4> {
  const after = await logInAfter(account, pending, options);
  if (after === null || after.type === "login-refused") {
    const before = await renewSession(account, options);
    if (before.type === "logged-in") return await settle(account, options, look + 1);
    return before.type === "login-refused" ? { type: "session-ended" } : before;
  }
  if (after.type === "logged-in") return { type: "changed" };
  return after;
}

/** Logs in with the authority key that the change leads to; null: that key is not at hand. */
async function logInAfter(
  account: HeldAccount,
  pending: PendingChange,
  { mfaCode, signal }: SettleOptions,
): Promise<LogInOutcome | null> {
  const accountKey = account.openNextKey(pending.key);
  const [body] = pending.request.states;
  if (accountKey === null || body === undefined) return null;
  const { states: known, origin: host, api, record } = account;
  const local = verifyCredentials(
    { known },
    {
      identity: record.identity,
      states: [stateOf(account), body],
      slots: [],
      keyring: pending.keyring,
    },
  );
  if (local.type !== "verified") return null;
  const opened = unlockByKey(local, accountKey);
  if (opened.type !== "unlocked") return null;
  const { deviceId, deviceName } = record;
  const purpose = { purpose: "session" } as const;
  return await logInBySignature(
    { api, origin: host, unlocked: opened.account, deviceId, deviceName, purpose, mfaCode, signal },
    async (answer) => {
      const verified = verifyCredentials({ known, host }, answer.credentials);
      if (verified.type !== "verified") return verified;
      if (!verified.fresh.some(({ hash }) => hash === pending.hash))
        return { type: "login-refused" };
      const now = unlockByKey(verified, accountKey);
      if (now.type !== "unlocked") return misbehaves("wrong-keyring", now.detail);
      return await acceptSession(account, answer, verified, now.account);
    },
  );
}

function stateOf({ newest: { signed } }: HeldAccount): PutCredentialsRequest["states"][number] {
  return { ...signed };
}

/**
 * Looking at the host's states (P4K-20, P4K-23 to P4K-25): what follows what is remembered is taken over, a change of our own
 * whose answer was lost is recognised, and everything else has a name.
 */
import type { UnlockedAccount } from "@holdfast/crypto";
import type {
  CredentialsChanged,
  HostFailure4,
  SessionEnded4,
  UnsupportedVersion,
} from "../outcomes.ts";
import type { PendingChange } from "../record/account-record.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { isLockedOut, lockOut } from "./lock-out.ts";
import { unlockByKey, type VerifiedCredentials, verifyCredentials } from "./verify-credentials.ts";

export type RefreshOutcome =
  /** nothing new */
  | { readonly type: "current" }
  /** newer states were taken over; `ownChange`: among them the one that was pending */
  | { readonly type: "taken-over"; readonly ownChange: boolean }
  | CredentialsChanged
  | SessionEnded4
  | UnsupportedVersion
  | HostFailure4;

export async function refreshCredentials(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<RefreshOutcome> {
  const { token, newest, states: known, origin: host } = account;
  if (token === null) return { type: "session-ended" };
  const answered = await account.api.call("getCredentials", {
    token,
    // The remembered state comes along, so that another one in its place shows.
    query: { after: newest.epoch - 1 },
    signal,
  });
  if (answered.type !== "answer") return answered;
  const verified = verifyCredentials({ known, host }, answered.value);
  if (verified.type !== "verified") return verified;
  return await takeOver(account, verified);
}

/** Takes over states that follow the remembered one, without a new session. */
export async function takeOver(
  account: HeldAccount,
  verified: VerifiedCredentials,
): Promise<RefreshOutcome> {
  if (verified.fresh.length === 0) return { type: "current" };
  const { unlocked, record } = account;
  const { pending } = record;
  const change = pending?.type === "change" ? pending : null;
  const ownChange = change !== null && verified.fresh.some(({ hash }) => hash === change.hash);
  const base = ownChange ? accountAfter(account, change, verified) : unlocked;
  if (base === null || isLockedOut(base.state, verified.newest)) {
    await lockOut(account, verified);
    return { type: "credentials-changed" };
  }
  const opened = unlockByKey(verified, base.accountKey);
  if (opened.type !== "unlocked") return opened;
  const patch = account.adopt(
    opened.account,
    [...record.slots, ...verified.slots, ...(change?.slots ?? [])],
    verified.states,
  );
  await account.save({ ...patch, ...(ownChange && { pending: null }) });
  return { type: "taken-over", ownChange };
}

/** The account as our own pending change left it; null where its key cannot be had without the person. */
function accountAfter(
  account: HeldAccount,
  change: PendingChange,
  { fresh }: VerifiedCredentials,
): UnlockedAccount | null {
  const state = fresh.find(({ hash }) => hash === change.hash);
  const accountKey = account.openNextKey(change.key);
  if (state === undefined || accountKey === null) return null;
  const opened = unlockByKey({ newest: state, keyring: change.keyring }, accountKey);
  return opened.type === "unlocked" ? opened.account : null;
}

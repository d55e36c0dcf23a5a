/**
 * Pairing, the unlocked device's side (P4K-45, P4K-46): it reads an invitation, shows the new device's name, has the person
 * give the passcode or password again, and hands the account over, sealed to that very invitation.
 */
import {
  CryptoError,
  type Invitation,
  type PairedHead,
  parseInvitation,
  passwordSlotKey,
  sealPairing,
  type WalletId,
} from "@holdfast/crypto";
import { type HostFailure4, type Locked, misbehaves, type SessionEnded4 } from "../outcomes.ts";
import { type HeldAccount, opaqueOf } from "../record/held-account.ts";
import { isPasscode } from "./passcode.ts";
import { unlockBySlot } from "./verify-credentials.ts";

export type ReadInvitationOutcome =
  | { readonly type: "invitation"; readonly invitation: Invitation; readonly deviceName: string }
  | { readonly type: "malformed-invitation" }
  /** the new device talks to another host than this one */
  | { readonly type: "other-host"; readonly host: string };

export function readInvitation(account: HeldAccount, typed: string): ReadInvitationOutcome {
  try {
    const invitation = parseInvitation(typed);
    if (invitation.host !== account.origin) return { type: "other-host", host: invitation.host };
    return { type: "invitation", invitation, deviceName: invitation.deviceName };
  } catch (error) {
    if (error instanceof CryptoError) return { type: "malformed-invitation" };
    throw error;
  }
}

/** What the person gives once more before an account is handed over. */
export type Proof =
  | { readonly type: "passcode"; readonly passcode: string }
  | { readonly type: "password"; readonly password: string };

export type HandOverOutcome =
  | { readonly type: "handed-over" }
  | { readonly type: "wrong-proof" }
  /** the invitation ran out, or was answered already */
  | { readonly type: "pairing-over" }
  | Locked
  | SessionEnded4
  | HostFailure4;

export async function handOver(
  account: HeldAccount,
  invitation: Invitation,
  proof: Proof,
  signal?: AbortSignal,
): Promise<HandOverOutcome> {
  const { unlocked, token, record, states, api } = account;
  if (unlocked === null) return { type: "locked" };
  if (token === null) return { type: "session-ended" };
  if (invitation.host !== account.origin)
    return misbehaves("wrong-host", "the invitation is for another host");
  const proven = await isProven(account, proof, signal);
  if (proven.type !== "right") return proven;
  const heads = Object.entries(record.wallets).map(
    ([walletId, { sequence, hash, generation, epoch }]): PairedHead => ({
      walletId: walletId as WalletId,
      sequence,
      hash,
      generation,
      epoch,
    }),
  );
  const message = await sealed(invitation, { id: record.id, account: unlocked, states, heads });
  if (message === null) return { type: "pairing-over" };
  const { pairingId } = invitation;
  const sent = await api.call("putPairing", {
    path: { pairingId },
    body: { message },
    token,
    signal,
  });
  if (sent.type === "answer") return { type: "handed-over" };
  return sent.type === "problem" ? { type: "pairing-over" } : sent;
}

/** null: the invitation's key is none. */
async function sealed(...input: Parameters<typeof sealPairing>): Promise<string | null> {
  try {
    return await sealPairing(...input);
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}

/**
 * A password is proven by what OPAQUE's first round yields: it has to open the password slot that this device itself knows, so
 * that no host can answer for another password. No session comes of it.
 */
async function isProven(
  account: HeldAccount,
  proof: Proof,
  signal: AbortSignal | undefined,
): Promise<{ readonly type: "right" } | { readonly type: "wrong-proof" } | HostFailure4> {
  if (proof.type === "passcode") {
    const { type } = await isPasscode(account, proof.passcode);
    return type === "right" ? { type } : { type: "wrong-proof" };
  }
  const opaque = await opaqueOf(account.ports);
  const round = opaque.startLogin(proof.password);
  const { id } = account.record;
  const body = { id, login: round.request };
  const started = await account.api.call("startSession", { body, signal });
  if (started.type !== "answer") return started;
  try {
    const { response } = started.value;
    const login = opaque.finishLogin(proof.password, round, response, account.origin);
    if (login.type !== "opened") return { type: "wrong-proof" };
    const { newest, states, record } = account;
    const local = { newest, states, fresh: [], slots: record.slots, keyring: record.keyring };
    const opened = unlockBySlot({ type: "verified", ...local }, passwordSlotKey(login.rootKey));
    return opened.type === "unlocked" ? { type: "right" } : { type: "wrong-proof" };
  } catch (error) {
    if (error instanceof CryptoError)
      return misbehaves("malformed-answer", "its answer to the login is none");
    throw error;
  }
}

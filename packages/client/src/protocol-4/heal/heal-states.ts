/**
 * The states that a restored host lacks, with the pieces that the newest one names. The password's record never was on any
 * device: where the host lost it, a further state names a password that is registered now.
 */
import {
  changeCredentials,
  hashText,
  type UnlockedAccount,
  type VerifiedState,
} from "@holdfast/crypto";
import type { PutCredentialsRequest } from "@holdfast/protocol/protocol-4";
import { lackOfStates } from "../../engine/index.ts";
import { sessionOf } from "../account/session.ts";
import { environmentOf, makePasswordSlot } from "../account/set-password.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { type HealOutcome, nothingLacks } from "./heal-outcome.ts";
import { lackingOf } from "./lacking-headers.ts";

export async function healStates(
  account: HeldAccount,
  password: string | undefined,
  signal: AbortSignal | undefined,
): Promise<HealOutcome> {
  const { api, token, states, newest, unlocked } = account;
  if (token === null) return { type: "session-ended" };
  if (unlocked === null) return { type: "locked" };
  const shown = await api.call("getCredentials", { token, query: { after: 0 }, signal });
  if (shown.type !== "answer") return shown;
  const theirs = shown.value.states.map(({ body }) => hashText(body));
  const ours = states.map(({ hash }) => hash);
  const lack = lackOfStates(ours, theirs);
  if (lack === "nothing") return nothingLacks;
  if (lack === "forked") return { type: "forked", walletId: null };
  const hosts = states[theirs.length - 1];
  if (hosts === undefined) return { type: "not-here", walletId: null };

  let end: UnlockedAccount = unlocked;
  let made: PutCredentialsRequest["password"];
  let fresh: readonly string[] = [];
  const missing = states.slice(theirs.length).map(({ signed }) => ({ ...signed }));
  if (lacksPassword(hosts, newest)) {
    if (password === undefined) return { type: "password-needed" };
    const slot = await makePasswordSlot(account, password, signal);
    if (slot.type !== "slot") return slot;
    const changed = changeCredentials(unlocked, { addSlots: [slot.slot] }, environmentOf(account));
    missing.push({ ...changed.change.state });
    fresh = changed.change.slots;
    end = changed.account;
    made = slot.password;
  }
  const slots = piecesFor(hosts, end.state, [...account.record.slots, ...fresh]);
  if (slots === null) return { type: "not-here", walletId: null };
  const wallets = await closedWallets(account, hosts, signal);
  if (wallets === null) return { type: "not-here", walletId: null };
  const isNewKeyring = hosts.keyringHash !== end.state.keyringHash;
  const answered = await api.call("putCredentials", {
    body: {
      states: missing,
      slots,
      ...(isNewKeyring && { keyring: end.sealedKeyring }),
      ...(made !== undefined && { password: made }),
      ...(wallets.length > 0 && { wallets }),
    },
    token,
    signal,
  });
  if (answered.type === "problem") return { type: "refused", detail: answered.detail };
  if (answered.type !== "answer") return answered;
  const { session } = answered.value;
  const all = end === unlocked ? states : [...states, end.state];
  const patch = account.adopt(end, [...account.record.slots, ...fresh], all);
  await account.save({ ...patch, ...(session !== undefined && { session: sessionOf(session) }) });
  const revisions = wallets.reduce((sum, { headers }) => sum + headers.length, 0);
  return { type: "healed", states: missing.length, revisions };
}

function lacksPassword(hosts: VerifiedState, newest: VerifiedState): boolean {
  const hashOf = ({ slots }: VerifiedState) => slots.find(({ kind }) => kind === "password")?.hash;
  return hashOf(hosts) !== hashOf(newest);
}

/** The slots that `end` names and the host does not have; null: this device does not know them all. */
function piecesFor(
  hosts: VerifiedState,
  end: VerifiedState,
  known: readonly string[],
): string[] | null {
  const held = new Set(hosts.slots.map(({ hash }) => hash));
  const named = end.slots.filter(({ hash }) => !held.has(hash));
  const slots = named.map(({ hash }) => known.find((slot) => hashText(slot) === hash));
  return slots.every((slot) => slot !== undefined) ? slots : null;
}

/** Where the missing states close a generation, the headers up to there come along. */
async function closedWallets(
  account: HeldAccount,
  hosts: VerifiedState,
  signal: AbortSignal | undefined,
): Promise<NonNullable<PutCredentialsRequest["wallets"]> | null> {
  const brought: NonNullable<PutCredentialsRequest["wallets"]> = [];
  for (const { walletId, generation } of account.newest.wallets) {
    const before = hosts.wallets.find((wallet) => wallet.walletId === walletId);
    if (before === undefined || before.generation === generation) continue;
    const lacking = await lackingOf(account, walletId, signal);
    if (lacking.type === "lacking") brought.push({ walletId, ...lacking.healing });
    else if (lacking.type !== "healed") return null;
  }
  return brought;
}

/**
 * Healing a host that came back from a backup (P4K-59): it is given what it lacks, from its own head on, so that nothing
 * forks. The person is asked once before.
 */
import type { HeldAccount } from "../record/held-account.ts";
import { type HealOutcome } from "./heal-outcome.ts";
import { healStates } from "./heal-states.ts";
import { healWallet } from "./heal-wallet.ts";
import { sessionForHealing } from "./session-for-healing.ts";

/** What healing may take beside this device's keys. */
export type HealingSecrets = {
  /** registered anew where the host lost the password's record; may be the one that is in use */
  readonly password?: string;
  /** where the host knows older credentials only: what the password was then */
  readonly oldPassword?: string;
  /** where the account had a second factor at the time of the backup */
  readonly mfaCode?: string;
};

export type HealInput = HealingSecrets & { readonly signal?: AbortSignal };

/** Brings states and wallets on the host up to what this device has verified. */
export async function healHost(
  account: HeldAccount,
  { password, oldPassword, mfaCode, signal }: HealInput = {},
): Promise<HealOutcome> {
  if (account.unlocked === null) return { type: "locked" };
  const session = await sessionForHealing(account, { oldPassword, mfaCode }, signal);
  if (session.type !== "session") return session;
  const states = await healStates(account, password, signal);
  if (states.type !== "healed") return states;
  let revisions = states.revisions;
  for (const { walletId } of account.newest.wallets) {
    const wallet = await healWallet(account, walletId, signal);
    if (wallet.type !== "healed") return wallet;
    revisions += wallet.revisions;
  }
  return { type: "healed", states: states.states, revisions };
}

/** The recovery phrase (P4K-35, P4K-36): opens the account on a new device, and a local copy without any host. */
import { type RecoveryEntropy, recoveryLookupId, recoverySlotKey } from "@holdfast/crypto";
import type { AccountPorts } from "../record/account-ports.ts";
import { originOf } from "../record/account-record.ts";
import { apiFor, type HeldAccount } from "../record/held-account.ts";
import { logInBySignature } from "./log-in-signature.ts";
import { createDeviceId, holdAccount } from "./new-record.ts";
import { acceptSession, type KeepKey, type LogInOutcome } from "./session.ts";
import { unlockByKey, unlockBySlot, verifyCredentials } from "./verify-credentials.ts";

export type PhraseLogIn = {
  readonly host: URL;
  readonly phrase: RecoveryEntropy;
  readonly deviceName: string;
  readonly keep?: KeepKey;
  /** what this device remembers of the account, if anything */
  readonly known?: HeldAccount;
  readonly signal?: AbortSignal;
};

export type PhraseLogInOutcome =
  | LogInOutcome
  /** no account of this host is opened by these words */
  | { readonly type: "unknown-recovery" };

/** Logs in by the phrase; the host is then asked for a session in the account's own name. */
export async function logInByPhrase(
  ports: AccountPorts,
  { host, phrase, deviceName, keep = "stored", known, signal }: PhraseLogIn,
): Promise<PhraseLogInOutcome> {
  const api = known?.api ?? apiFor(ports, host);
  const origin = originOf(host);
  const lookupId = recoveryLookupId(phrase);
  const found = await api.call("recover", { body: { lookupId }, signal });
  if (found.type === "problem") return { type: "unknown-recovery" };
  if (found.type !== "answer") return found;
  const remembered = known?.states ?? [];
  const shown = verifyCredentials({ known: remembered, host: origin }, found.value.credentials);
  if (shown.type !== "verified") return shown;
  const opened = unlockBySlot(shown, recoverySlotKey(phrase));
  if (opened.type !== "unlocked") return opened;
  const unlocked = opened.account;

  const deviceId = known?.record.deviceId ?? createDeviceId(ports);
  return await logInBySignature(
    {
      api,
      origin,
      unlocked,
      deviceId,
      deviceName,
      purpose: { purpose: "recovery", lookupId },
      signal,
    },
    async (answer) => {
      const verified = verifyCredentials({ known: shown.states, host: origin }, answer.credentials);
      if (verified.type !== "verified") return verified;
      const now = unlockByKey(verified, unlocked.accountKey);
      if (now.type !== "unlocked") return now;
      const account =
        known ??
        holdAccount(ports, {
          host,
          id: answer.id,
          deviceId,
          deviceName,
          unlocked: now.account,
          states: verified.states,
          slots: verified.slots,
          keep,
        });
      return await acceptSession(account, answer, verified, now.account);
    },
  );
}

/** Opens the copy on this device with the phrase, without any host: the words have to be those of the newest state it knows. */
export function unlockByPhrase(
  account: HeldAccount,
  phrase: RecoveryEntropy,
): { readonly type: "unlocked" } | { readonly type: "wrong-phrase" } {
  const { newest, states, record } = account;
  const { slots, keyring } = record;
  const local = { type: "verified", newest, states, fresh: [], slots, keyring } as const;
  const opened = unlockBySlot(local, recoverySlotKey(phrase));
  if (opened.type !== "unlocked") return { type: "wrong-phrase" };
  account.unlockWith(opened.account.accountKey);
  return { type: "unlocked" };
}

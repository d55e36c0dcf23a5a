/**
 * Changing the password (P3C-37 to P3C-39): new salt seed, new keys and, where the host has a wallet, the wallet under
 * the new keys, in one request. Old and new keys are both durable from before it is sent until its fate is known.
 */
import type { DeviceSettings } from "../device/device-settings.ts";
import { holdAccount, type HeldAccount } from "../device/held-device.ts";
import { createHolder3, goOnline3, onlineOf } from "../device/holder-3.ts";
import { useWallet, type OpenWallet } from "../device/open-wallet.ts";
import { unsettledUpgrade } from "../device/unsettled-upgrade.ts";
import type { SyncEffect } from "../engine/index.ts";
import type { ChangePasswordOutcome, PasswordChanged } from "../outcomes.ts";
import { createSaltSeed, deriveSecrets } from "../protocol-3/derive.ts";
import type { LbryContent } from "../protocol-3/revision-text.ts";
import type { NextKeys, WalletAccount } from "../protocol-3/wallet-account.ts";
import type { Secret } from "../secret.ts";
import { explainStop, receive } from "../sync/run-sync.ts";
import { syncWallet } from "../sync/sync.ts";
import { logInAccount } from "./log-in.ts";
import { settlePasswordChange } from "./settle-password-change.ts";

export async function changePassword(
  settings: DeviceSettings,
  { newPassword, syncFirst = false }: { newPassword: Secret; syncFirst?: boolean },
  signal: AbortSignal | undefined,
): Promise<ChangePasswordOutcome> {
  return await holdAccount(
    settings,
    signal,
    async (account): Promise<ChangePasswordOutcome> =>
      (await unsettledUpgrade(account.session)) ??
      (await useWallet(createHolder3(account), async (open): Promise<ChangePasswordOutcome> => {
        const wallet: Wallet3 = Object.assign(open, { account });
        const resumed = await resume(wallet, newPassword);
        if (resumed.type !== "none-pending") return resumed;
        const { secrets, email } = wallet.account.profile;
        if (secrets === null) return { type: "password-needed" };
        if (secrets.walletPassword.reveal() === newPassword.reveal())
          return { type: "same-password" };
        if (syncFirst) {
          const synced = await syncWallet(wallet);
          if (synced.type !== "synced") return synced;
        }
        if (hasUnpushedChanges(wallet)) return { type: "local-changes" };
        const { ports, onDerivation } = wallet.account;
        const saltSeed = createSaltSeed(ports.randomBytes);
        const keys = await deriveSecrets(
          { password: newPassword, email, saltSeed },
          ports.scrypt,
          onDerivation,
        );
        return await carryOut(wallet, { saltSeed, secrets: keys }, false);
      })),
  );
}

type Wallet3 = OpenWallet & { readonly account: HeldAccount };

/** Without a wallet on the host nothing can be lost: the local one is pushed under the new keys when its time comes. */
function hasUnpushedChanges({ record, hasLocalChanges }: OpenWallet): boolean {
  return record.inFlight?.via === "push" || (record.synced.sequence > 0 && hasLocalChanges);
}

/** A change whose answer was lost is made again with the same keys: whichever request arrives, they are the right ones. */
async function resume(
  wallet: Wallet3,
  newPassword: Secret,
): Promise<ChangePasswordOutcome | { readonly type: "none-pending" }> {
  const { account } = wallet;
  const { passwordChange } = account.profile;
  if (passwordChange === null) return { type: "none-pending" };
  const outcome = await carryOut(wallet, passwordChange, true);
  if (account.profile.passwordChange !== null) return outcome;
  const wasWanted = passwordChange.secrets.walletPassword.reveal() === newPassword.reveal();
  return outcome.type === "password-changed" && wasWanted ? outcome : { type: "none-pending" };
}

async function carryOut(
  wallet: Wallet3,
  change: NextKeys,
  isResend: boolean,
): Promise<ChangePasswordOutcome> {
  const first = await tryOnce(wallet, change, isResend);
  if (first.type !== "not-logged-in" && first.type !== "session-ended") return first;
  const login = await logInAccount(wallet.account);
  if (isMade(wallet, change)) return changed(wallet);
  return login.type === "logged-in" ? await tryOnce(wallet, change, isResend) : login;
}

async function tryOnce(
  wallet: Wallet3,
  change: NextKeys,
  isResend: boolean,
): Promise<ChangePasswordOutcome> {
  const { account, driver } = wallet;
  const online = await goOnline3(account, (content) => receive(wallet, content), change);
  if (isMade(wallet, change)) return changed(wallet);
  if (online.type !== "online") return online;
  const { walletAccount } = online;
  driver.dispatch({ type: "sync-wanted", direction: "pull" });
  driver.dispatch({ type: "decided", decision: "try-again" });
  driver.unlock(walletAccount);
  await wallet.whenQuiet();
  const stopped = explainStop(wallet, onlineOf(walletAccount));
  if (stopped !== null) return stopped;
  const sequence = wallet.record.synced.sequence + 1;
  await account.change({ passwordChange: { ...change, sequence } });
  let ended: Ended["outcome"] = "not-now";
  const unobserve = wallet.observe(({ effects }) => {
    for (const effect of effects)
      if (effect.type === "password-change-ended") ended = effect.outcome;
  });
  driver.dispatch({ type: "password-change-wanted" });
  await wallet.whenQuiet();
  unobserve();
  return await conclude(wallet, walletAccount, change, { ended, isResend });
}

type Ended = Extract<SyncEffect<LbryContent>, { readonly type: "password-change-ended" }>;

/** Keeps or drops the new keys according to what is known of the change. */
async function conclude(
  wallet: Wallet3,
  walletAccount: WalletAccount,
  change: NextKeys,
  { ended, isResend }: { readonly ended: Ended["outcome"]; readonly isResend: boolean },
): Promise<ChangePasswordOutcome> {
  const { account } = wallet;
  const answer = walletAccount.seen.passwordAnswer;
  const drop = async (): Promise<void> => {
    await account.change({ passwordChange: null });
  };
  switch (ended) {
    case "changed":
      return changed(wallet);
    case "conflict":
      await drop();
      return { type: "out-of-date", remoteSequence: null };
    case "too-large": {
      const bytes = wallet.driver.state().tooLarge?.sizeBytes ?? 0;
      await drop();
      return { type: "wallet-too-large", bytes };
    }
    case "not-now":
      if (!isResend) await drop();
      return explainStop(wallet, onlineOf(walletAccount)) ?? { type: "local-changes" };
    case "refused":
    case "unknown": {
      if (answer === null || answer.type === "changed") throw new TypeError("it has an answer");
      if (answer.type === "conflict" || answer.type === "too-large")
        throw new TypeError("it has an outcome of its own");
      if (ended === "unknown") return answer;
      if (answer.type !== "credentials-refused") {
        // Of the second attempt this says nothing about the first.
        if (!isResend) await drop();
        return answer;
      }
      // Perhaps because the change was made already, by the request whose answer was lost.
      const settled = await settlePasswordChange(account);
      if (settled.type !== "settled") return settled;
      if (isMade(wallet, change)) return changed(wallet);
      await drop();
      return answer;
    }
  }
}

function isMade({ account }: Wallet3, { saltSeed }: NextKeys): boolean {
  return account.profile.saltSeed === saltSeed;
}

function changed({ account, record }: Wallet3): PasswordChanged {
  const sequence = (record.inFlight?.revision ?? record.synced).sequence;
  return {
    type: "password-changed",
    saltSeed: account.profile.saltSeed,
    sequence: sequence === 0 ? null : sequence,
  };
}

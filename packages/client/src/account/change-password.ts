/**
 * Changing the password (P3C-37 to P3C-39): new salt seed, new keys and, where the host has a wallet, the wallet under
 * the new keys, in one request. Old and new keys are both durable from before it is sent until its fate is known.
 */
import { isUntouched, readLocalWallet } from "../device/local-wallet.ts";
import { holdAccount, type DeviceSettings, type HeldAccount } from "../device/held-device.ts";
import type { PendingPasswordChange } from "../device/profile.ts";
import type { ChangePasswordOutcome } from "../outcomes.ts";
import { createSaltSeed, deriveSecrets } from "../protocol-3/derive.ts";
import type { Secret } from "../secret.ts";
import type { MergeRule } from "../sync/merge-rule.ts";
import { sealRevision } from "../sync/revision.ts";
import { syncAccount } from "../sync/sync.ts";
import { adoptPasswordChange, settlePasswordChange } from "./settle-password-change.ts";

export async function changePassword(
  settings: DeviceSettings,
  merge: MergeRule,
  { newPassword, syncFirst = false }: { newPassword: Secret; syncFirst?: boolean },
  signal: AbortSignal | undefined,
): Promise<ChangePasswordOutcome> {
  return await holdAccount(settings, signal, async (account): Promise<ChangePasswordOutcome> => {
    const resumed = await resume(account, newPassword);
    if (resumed.type !== "none-pending") return resumed;
    const { secrets } = account.profile;
    if (secrets === null) return { type: "password-needed" };
    if (secrets.walletPassword.reveal() === newPassword.reveal()) return { type: "same-password" };
    if (syncFirst) {
      const synced = await syncAccount(account, merge);
      if (synced.type !== "synced") return synced;
    }
    const prepared = await prepare(account, newPassword);
    if (prepared.type !== "prepared") return prepared;
    await account.change({ passwordChange: prepared.change });
    return await send(account, prepared.change, false);
  });
}

/** A change whose answer was lost is sent again as it was: only its own answer tells its fate for certain. */
async function resume(
  account: HeldAccount,
  newPassword: Secret,
): Promise<ChangePasswordOutcome | { readonly type: "none-pending" }> {
  const { passwordChange } = account.profile;
  if (passwordChange === null) return { type: "none-pending" };
  const outcome = await send(account, passwordChange, true);
  if (account.profile.passwordChange !== null) return outcome;
  const wasWanted = passwordChange.secrets.walletPassword.reveal() === newPassword.reveal();
  return outcome.type === "password-changed" && wasWanted ? outcome : { type: "none-pending" };
}

async function prepare(
  account: HeldAccount,
  password: Secret,
): Promise<
  { readonly type: "prepared"; readonly change: PendingPasswordChange } | ChangePasswordOutcome
> {
  const { profile, ports, onDerivation } = account;
  const local = await readLocalWallet(account);
  if (local.type !== "wallet") return local;
  const { synced, inFlight, email } = profile;
  // Without a wallet on the host nothing can be lost: the local one is pushed under the new keys when its time comes.
  if (inFlight !== null || (synced !== null && !isUntouched(local.wallet, synced))) {
    return { type: "local-changes" };
  }
  const saltSeed = createSaltSeed(ports.randomBytes);
  const secrets = await deriveSecrets({ password, email, saltSeed }, ports.scrypt, onDerivation);
  const revision =
    synced === null
      ? null
      : await sealRevision(account, local.wallet, synced.sequence + 1, secrets);
  return { type: "prepared", change: { saltSeed, secrets, revision } };
}

async function send(
  account: HeldAccount,
  change: PendingPasswordChange,
  isResend: boolean,
): Promise<ChangePasswordOutcome> {
  const { email, secrets } = account.profile;
  if (secrets === null) return { type: "password-needed" };
  const { saltSeed, revision } = change;
  const answer = await account.host.changePassword(
    {
      email,
      oldPassword: secrets.loginPassword,
      newPassword: change.secrets.loginPassword,
      saltSeed,
      revision: revision === null ? null : withoutText(revision),
    },
    account.signal,
  );
  switch (answer.type) {
    case "changed":
      return await adopt(account, change);
    case "credentials-refused": {
      // Perhaps because the change was made already, by the request whose answer was lost.
      const settled = await settlePasswordChange(account);
      if (settled.type !== "settled") return settled;
      if (account.profile.saltSeed === saltSeed) return changed(change);
      await account.change({ passwordChange: null });
      return answer;
    }
    case "conflict":
      await account.change({ passwordChange: null });
      return { type: "out-of-date", remoteSequence: null };
    case "too-large":
      await account.change({ passwordChange: null });
      return { type: "wallet-too-large", bytes: revision?.encryptedWallet.length ?? 0 };
    case "not-verified":
    case "host-refused":
    case "rate-limited":
      // Of the second attempt this says nothing about the first.
      if (!isResend) await account.change({ passwordChange: null });
      return answer;
    case "unreachable":
    case "host-failed":
    case "host-misbehaves":
      return answer;
  }
}

function withoutText({
  encryptedWallet,
  sequence,
  hmac,
}: NonNullable<PendingPasswordChange["revision"]>) {
  return { encryptedWallet, sequence, hmac };
}

async function adopt(
  account: HeldAccount,
  change: PendingPasswordChange,
): Promise<ChangePasswordOutcome> {
  await adoptPasswordChange(account, change);
  return changed(change);
}

function changed({ saltSeed, revision }: PendingPasswordChange): ChangePasswordOutcome {
  return { type: "password-changed", saltSeed, sequence: revision?.sequence ?? null };
}

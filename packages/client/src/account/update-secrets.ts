/**
 * Getting an existing account's keys (P3C-21): the host tells the salt seed, the person the password. Also the way back
 * after another device changed the password; edits and merge base stay as they are.
 */
import type { AccountInput } from "../device/device.ts";
import type { DeviceSettings } from "../device/device-settings.ts";
import {
  holdAccount,
  holdDevice,
  type HeldAccount,
  type HeldDevice,
} from "../device/held-device.ts";
import { createProfile } from "../device/profile.ts";
import { unsettledUpgrade } from "../device/unsettled-upgrade.ts";
import type {
  HostFailure,
  SecretsUpdated,
  SetLocalPasswordOutcome,
  UpdateSecretsOutcome,
} from "../outcomes.ts";
import { deriveSecrets } from "../protocol-3/derive.ts";
import type { Secret } from "../secret.ts";
import { checkAccountInput, type CheckedAccount } from "./account-input.ts";
import { createDeviceId } from "./register.ts";
import { settlePasswordChange } from "./settle-password-change.ts";

export async function updateSecrets(
  settings: DeviceSettings,
  input: AccountInput,
  signal: AbortSignal | undefined,
): Promise<UpdateSecretsOutcome> {
  return await holdDevice(settings, signal, async (held) => {
    const { outcome } = await updateHeldSecrets(held, input);
    return outcome;
  });
}

/** With the lock held; `account` is there when the outcome is `updated`. */
export async function updateHeldSecrets(
  held: HeldDevice,
  input: AccountInput,
): Promise<
  | { readonly outcome: SecretsUpdated; readonly account: HeldAccount }
  | {
      readonly outcome: Exclude<UpdateSecretsOutcome, SecretsUpdated>;
      readonly account?: undefined;
    }
> {
  const unsettled = await unsettledUpgrade(held.session);
  if (unsettled !== null) return { outcome: unsettled };
  const checked = await checkAccountInput(held, input);
  if (checked.type !== "checked") return { outcome: checked };
  const { account } = held;
  if (
    account === null ||
    account.profile.email !== input.email ||
    account.profile.server !== checked.account.server
  ) {
    return await startAccount(held, checked.account);
  }
  const outcome = await renewSecrets(account, input.password);
  if (outcome.type !== "updated") return { outcome };
  const { walletPath, allowPlainHttp } = checked.account;
  await account.change({ walletPath, allowPlainHttp });
  return { outcome, account };
}

/** After another device changed the password. */
export async function setLocalPassword(
  settings: DeviceSettings,
  { password }: { readonly password: Secret },
  signal: AbortSignal | undefined,
): Promise<SetLocalPasswordOutcome> {
  return await holdAccount(
    settings,
    signal,
    async (account): Promise<SetLocalPasswordOutcome> =>
      (await unsettledUpgrade(account.session)) ?? (await renewSecrets(account, password)),
  );
}

async function renewSecrets(
  account: HeldAccount,
  password: Secret,
): Promise<SecretsUpdated | { readonly type: "unknown-account" } | HostFailure> {
  const settled = await settlePasswordChange(account);
  if (settled.type !== "settled") return settled;
  const { email, secrets } = account.profile;
  const answer = await account.host.fetchSaltSeed(email, account.signal);
  if (answer.type !== "salt-seed") return answer;
  const { saltSeed } = answer;
  if (
    saltSeed === account.profile.saltSeed &&
    secrets?.walletPassword.reveal() === password.reveal()
  ) {
    await account.change({ registration: "done" });
    return { type: "updated", saltSeed, changed: false };
  }
  const { ports, onDerivation } = account;
  await account.change({
    saltSeed,
    secrets: await deriveSecrets({ password, email, saltSeed }, ports.scrypt, onDerivation),
    previousWalletPassword: secrets?.walletPassword ?? account.profile.previousWalletPassword,
    registration: "done",
    session: null,
    passwordChange: null,
  });
  return { type: "updated", saltSeed, changed: true };
}

/** A profile for the account; one of the same account under another spelling of the address keeps its revisions. */
async function startAccount(held: HeldDevice, checked: CheckedAccount) {
  const { server, allowPlainHttp, email, password, walletPath } = checked;
  const { ports, onDerivation } = held;
  const answer = await held.hostOf(checked).fetchSaltSeed(email, held.signal);
  if (answer.type !== "salt-seed") return { outcome: answer };
  const { saltSeed } = answer;
  const secrets = await deriveSecrets({ password, email, saltSeed }, ports.scrypt, onDerivation);
  const existing = held.account?.profile.registration === "done" ? held.account.profile : null;
  const account = await held.start({
    ...createProfile({
      server,
      allowPlainHttp,
      email,
      saltSeed,
      secrets,
      walletPath,
      deviceId: held.account?.profile.deviceId ?? createDeviceId(ports.randomBytes),
      registration: "done",
    }),
    ...(existing && {
      previousWalletPassword: existing.secrets?.walletPassword ?? existing.previousWalletPassword,
    }),
  });
  return { outcome: { type: "updated" as const, saltSeed, changed: true }, account };
}

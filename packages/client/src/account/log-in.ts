/** Getting a token (P3C-20). */
import type { LoginInput } from "../device/device.ts";
import type { DeviceSettings } from "../device/device-settings.ts";
import { holdDevice, type HeldAccount, type HeldDevice } from "../device/held-device.ts";
import { checkLinkedWallet } from "../device/wallet-file.ts";
import type {
  CredentialsRefused,
  HostFailure,
  LoggedIn,
  LoginOutcome,
  NotVerified,
  NoProfile,
  PasswordNeeded,
  UpdateSecretsOutcome,
} from "../outcomes.ts";
import { deriveSecrets } from "../protocol-3/derive.ts";
import type { LogInAnswered } from "../protocol-3/host-api.ts";
import { isUpgraded } from "../protocol-3/is-upgraded.ts";
import { formatServerUrl, parseServerUrl } from "../protocol-3/server-url.ts";
import { isSameAccount } from "./account-input.ts";
import { settlePasswordChange } from "./settle-password-change.ts";
import { updateHeldSecrets } from "./update-secrets.ts";

export async function logIn(
  settings: DeviceSettings,
  input: LoginInput,
  signal: AbortSignal | undefined,
): Promise<LoginOutcome> {
  return await holdDevice(settings, signal, async (held): Promise<LoginOutcome> => {
    const found = await findAccount(held, input);
    if (found.type !== "found") return found;
    const outcome = await logInAccount(found.account);
    // A password that was just given and is refused is of no use: forgotten, it is asked for again next time.
    if (outcome.type === "credentials-refused" && input.password !== undefined) {
      await found.account.change({ secrets: null });
    }
    return outcome;
  });
}

async function findAccount(
  held: HeldDevice,
  input: LoginInput,
): Promise<
  | { readonly type: "found"; readonly account: HeldAccount }
  | Exclude<UpdateSecretsOutcome, { readonly type: "updated" }>
  | NoProfile
  | PasswordNeeded
> {
  const profile = held.account?.profile;
  const server = input.server ?? profile?.server;
  const email = input.email ?? profile?.email;
  if (server === undefined || email === undefined) return { type: "no-profile" };
  if (input.password !== undefined) {
    const { password } = input;
    const updated = await updateHeldSecrets(held, { ...input, server, email, password });
    if (updated.account === undefined) return updated.outcome;
    return { type: "found", account: updated.account };
  }
  if (held.account === null) return { type: "password-needed" };
  const parsed = parseServerUrl(
    server,
    input.allowPlainHttp ?? held.account.profile.allowPlainHttp,
  );
  if (parsed.type !== "server") return parsed;
  if (!isSameAccount(held.account.profile, formatServerUrl(parsed.url), email)) {
    const { server, email } = held.account.profile;
    return { type: "profile-exists", server, email };
  }
  if (input.walletPath !== undefined) {
    const link = await checkLinkedWallet(
      { ...held, profile: held.account.profile },
      input.walletPath,
    );
    if (link.type !== "link") return link;
    await held.account.change({ walletPath: link.walletPath });
  }
  return { type: "found", account: held.account };
}

export type LogInWithKeysOutcome =
  LoggedIn | CredentialsRefused | NotVerified | PasswordNeeded | HostFailure;

/** Logs in with the keys at hand: as the address is spelt, then in lower case. */
export async function logInAccount(account: HeldAccount): Promise<LogInWithKeysOutcome> {
  const settled = await settlePasswordChange(account);
  if (settled.type !== "settled") return settled;
  const { email, secrets } = account.profile;
  if (secrets === null) return { type: "password-needed" };
  const first = await account.host.logIn(
    { email, loginPassword: secrets.loginPassword, deviceId: account.profile.deviceId },
    account.signal,
  );
  if (first.type !== "credentials-refused" || email === email.toLowerCase()) {
    return await keepToken(account, first, {});
  }
  const respelt = await respell(account, email.toLowerCase());
  const second = await account.host.logIn(
    {
      ...respelt,
      loginPassword: respelt.secrets.loginPassword,
      deviceId: account.profile.deviceId,
    },
    account.signal,
  );
  return await keepToken(account, second, respelt);
}

/** The keys that the same password gives under another spelling of the address, which is part of the salt. */
async function respell({ profile, ports, onDerivation }: HeldAccount, email: string) {
  const { saltSeed, secrets } = profile;
  if (secrets === null) throw new TypeError("keys are respelt where there are some");
  const password = secrets.walletPassword;
  return {
    email,
    secrets: await deriveSecrets({ password, email, saltSeed }, ports.scrypt, onDerivation),
  };
}

async function keepToken(
  account: HeldAccount,
  answer: LogInAnswered,
  respelt: Partial<Awaited<ReturnType<typeof respell>>>,
): Promise<LogInWithKeysOutcome> {
  if (isUpgraded(answer)) await account.change({ refusal: "upgraded" });
  if (answer.type !== "token") return answer;
  const { token, expiration } = answer;
  await account.change({ ...respelt, registration: "done", session: { token, expiration } });
  const { email, deviceId } = account.profile;
  return { type: "logged-in", email, deviceId, expiration };
}

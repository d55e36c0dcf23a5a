/**
 * Making an account (P3C-19). Salt seed and keys are durable before sign-up is sent, so that a lost answer is settled by
 * sending the same sign-up again: then "taken" may mean taken by ourselves, and a login with these keys tells.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { AccountInput } from "../device/device.ts";
import type { DeviceSettings } from "../device/device-settings.ts";
import { holdDevice, type HeldAccount, type HeldDevice } from "../device/held-device.ts";
import { createProfile, type Profile } from "../device/profile.ts";
import type { RegisterOutcome } from "../outcomes.ts";
import { createSaltSeed, deriveSecrets, type DerivedSecrets } from "../protocol-3/derive.ts";
import { checkAccountInput, isSameAccount, type CheckedAccount } from "./account-input.ts";

export async function register(
  settings: DeviceSettings,
  input: AccountInput,
  signal: AbortSignal | undefined,
): Promise<RegisterOutcome> {
  return await holdDevice(settings, signal, async (held): Promise<RegisterOutcome> => {
    const existing = held.account?.profile;
    if (existing?.registration === "done") {
      return { type: "profile-exists", server: existing.server, email: existing.email };
    }
    const checked = await checkAccountInput(held, input);
    if (checked.type !== "checked") return checked;
    const unanswered = existing === undefined ? null : unansweredSignUp(existing, checked.account);
    const account = await held.start(unanswered ?? (await prepare(held, checked.account)));
    return await signUp(held, account, unanswered !== null);
  });
}

/** The same sign-up as one whose answer was lost, or null: then a new one takes its place. */
function unansweredSignUp(profile: Profile, account: CheckedAccount): Profile | null {
  const isSame =
    isSameAccount(profile, account.server, account.email) &&
    profile.email === account.email &&
    profile.secrets?.walletPassword.reveal() === account.password.reveal();
  return isSame ? { ...profile, walletPath: account.walletPath } : null;
}

async function prepare(
  { ports, onDerivation, account }: HeldDevice,
  { server, allowPlainHttp, email, password, walletPath }: CheckedAccount,
): Promise<Profile> {
  const saltSeed = createSaltSeed(ports.randomBytes);
  const secrets = await deriveSecrets({ password, email, saltSeed }, ports.scrypt, onDerivation);
  return createProfile({
    server,
    allowPlainHttp,
    email,
    saltSeed,
    secrets,
    walletPath,
    // That of an account which was never made: its wallet is this one's.
    deviceId: account?.profile.deviceId ?? createDeviceId(ports.randomBytes),
    registration: "pending",
  });
}

export function createDeviceId(randomBytes: HeldDevice["ports"]["randomBytes"]): string {
  return bytesToHex(randomBytes(16));
}

async function signUp(
  held: HeldDevice,
  account: HeldAccount,
  mayBeOurs: boolean,
): Promise<RegisterOutcome> {
  const { email, saltSeed, secrets } = account.profile;
  if (secrets === null) throw new TypeError("a sign-up has its keys");
  const { loginPassword } = secrets;
  const answer = await account.host.signUp({ email, loginPassword, saltSeed }, held.signal);
  switch (answer.type) {
    case "signed-up":
      await account.change({ registration: "done" });
      return { type: "registered", email, saltSeed, verified: answer.verified };
    case "address-taken":
      if (mayBeOurs) return await recognise(held, account, secrets);
      await held.forget();
      return answer;
    case "not-allowed":
    case "host-refused":
    case "rate-limited":
    case "protocol-4-account":
      // After a lost answer, a refusal of the second attempt says nothing about the first.
      if (!mayBeOurs) await held.forget();
      return answer;
    case "unreachable":
    case "host-failed":
    case "host-misbehaves":
      return answer;
  }
}

async function recognise(
  held: HeldDevice,
  account: HeldAccount,
  { loginPassword }: DerivedSecrets,
): Promise<RegisterOutcome> {
  const { email, saltSeed, deviceId } = account.profile;
  const answer = await account.host.logIn({ email, loginPassword, deviceId }, held.signal);
  switch (answer.type) {
    case "token": {
      const { token, expiration } = answer;
      await account.change({ registration: "done", session: { token, expiration } });
      return { type: "registered", email, saltSeed, verified: true };
    }
    case "not-verified":
      await account.change({ registration: "done" });
      return { type: "registered", email, saltSeed, verified: false };
    case "credentials-refused":
      await held.forget();
      return { type: "address-taken" };
    case "unreachable":
    case "host-failed":
    case "host-misbehaves":
    case "host-refused":
    case "rate-limited":
    case "protocol-4-account":
      return answer;
  }
}
